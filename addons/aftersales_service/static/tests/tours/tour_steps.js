/** No dialog is open any more. */
export const noDialog = "body:not(:has(.modal))";

/** In the dialog: a signature drawn from the name, and saved. */
export const signSteps = () => [
    {trigger: ".modal .o_signature", run: "click"},
    {
        trigger: ".modal .o_web_sign_name_and_signature .o_web_sign_auto_button",
        run: "click",
    },
    {
        trigger: ".modal .modal-footer .btn-primary:enabled:contains('同意并签名')",
        run: "click",
    },
    {trigger: ".modal button[name=action_save]", run: "click"},
];

/** In the dialog that completes a visit: what was done, and who signs for it. */
export const completeSteps = (outcome) => [
    {trigger: ".o_kanban_record button:contains('完成'):first", run: "click"},
    {trigger: ".modal [name=outcome] input", run: `edit ${outcome}`},
    {trigger: ".modal [name=signed_by] input", run: "edit 王主任"},
    ...signSteps(),
    {trigger: `${noDialog} .o_view_nocontent`},
];
