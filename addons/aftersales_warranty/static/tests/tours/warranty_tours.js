import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const noDialog = "body:not(:has(.modal))";

// R-W08 R-W12: who pays, why, and the card behind it; while the customer waits.
tours.add("aftersales_warranty_why", {
    steps: () => [
        {trigger: ".o_field_widget[name=coverage]:contains('保修期内')"},
        {trigger: "button[name=action_explain_coverage]", run: "click"},
        {trigger: ".modal .o_field_widget[name=coverage_reason]:contains('保修至')"},
        {
            trigger: ".modal .o_field_widget[name=warranty_card_id]:contains('WC-KZ260001')",
        },
        {trigger: ".modal .btn-close", run: "click"},
        {
            trigger: `${noDialog} .o-form-buttonbox button[name=action_view_warranty_card]`,
            run: "click",
        },
        {trigger: ".o_last_breadcrumb_item:contains('WC-KZ260001')"},
        {trigger: ".o_arrow_button_current[data-value=active]"},
    ],
});

// R-W12: whoever stands before the unit reports a fault without login.
tours.add("aftersales_warranty_public", {
    steps: () => [
        {trigger: ".list-group-item:contains('KZ260001')"},
        {trigger: "body:not(:contains('上海市第三中学'))"},
        {trigger: "textarea[name=problem]", run: "edit 桌面不能升降"},
        {trigger: "input[name=contact_name]", run: "edit 李老师"},
        {trigger: "input[name=phone]", run: "edit 13900000000"},
        {
            trigger: "form button[type=submit].btn-lg",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: ".alert-success strong"},
    ],
});
