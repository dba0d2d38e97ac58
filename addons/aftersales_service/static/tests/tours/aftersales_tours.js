import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// R-S01 R-S03: an agent answers, solves by phone, sends the report and closes.
tours.add("aftersales_desk", {
    steps: () => [
        {
            content: "the countdown runs on the card; open it",
            trigger: ".o_kanban_record:has(.font-monospace):contains(课桌不能升降)",
            run: "click",
        },
        {
            trigger: ".o_statusbar_buttons button:contains('电话解决')",
            run: "click",
        },
        {trigger: ".modal [name=cause] textarea", run: "edit 未通电"},
        {trigger: ".modal [name=measures] textarea", run: "edit 接通电源"},
        {trigger: ".modal button[name=action_save]", run: "click"},
        {
            trigger: "body:not(:has(.modal)) button[name=action_send_report]",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_arrow_button_current[data-value=reported]",
        },
        {trigger: ".o_statusbar_buttons button:contains('关闭')", run: "click"},
        {trigger: ".modal [name=note] textarea", run: "edit 客户确认正常"},
        {trigger: ".modal button[name=action_save]", run: "click"},
        {
            trigger: "body:not(:has(.modal)) .o_arrow_button_current[data-value=closed]",
        },
        {
            content: "the chatter has settled: nothing is loading any more",
            trigger: ".o-mail-Chatter .o-mail-Message:contains('已关闭')",
        },
    ],
});

// R-H06: the guide records the agreed time in the order.
tours.add("aftersales_appointment", {
    steps: () => [
        {
            trigger: ".o_statusbar_buttons button:contains('已联系客户')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_daterange input:first",
            run: "edit 2035/12/31 10:00:00 && press Enter",
        },
        {trigger: ".modal [name=note] textarea", run: "edit 下午有人"},
        {trigger: ".modal button[name=action_save]", run: "click"},
        {trigger: "body:not(:has(.modal)) .o_form_view"},
    ],
});

// R-A02: the customer signs behind a link.
tours.add("aftersales_sign", {
    steps: () => [
        {
            content: "type the name, so that a signature is drawn from it",
            trigger: ".o_web_sign_name_and_signature input",
            run: "edit 王主任 && click .o_web_sign_auto_button",
        },
        {
            trigger: ".o_portal_sign_submit:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: ".alert-success"},
    ],
});
