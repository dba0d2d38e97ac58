import {signSteps} from "@aftersales_service/../tests/tours/tour_steps";
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

// R-S06 R-S07 R-S17 R-K02: leaving, arrived, checked, repaired, signed on a phone.
tours.add("aftersales_road", {
    steps: () => [
        {trigger: ".o_kanban_record button:contains('出发')", run: "click"},
        {
            trigger:
                ".o_kanban_record:not(:has(button:contains('出发'))) button:contains('已到达')",
            run: "click",
        },
        {trigger: ".o_kanban_record button:contains('修前检查')", run: "click"},
        {trigger: ".modal [name=note] textarea", run: "edit 外观完好"},
        {trigger: ".modal button[name=action_save]", run: "click"},
        {
            trigger:
                "body:not(:has(.modal)) .o_kanban_record:not(:has(button:contains('修前检查'))) button:contains('已维修')",
            run: "click",
        },
        {trigger: ".modal [name=cause] textarea", run: "edit 保险丝烧断"},
        {trigger: ".modal [name=measures] textarea", run: "edit 更换保险丝"},
        {trigger: ".modal button[name=action_save]", run: "click"},
        {
            trigger: "body:not(:has(.modal)) .o_kanban_record button:contains('客户签字')",
            run: "click",
        },
        {trigger: ".modal [name=name] input", run: "edit 王主任"},
        ...signSteps(),
        {trigger: "body:not(:has(.modal)) .o_kanban_view"},
    ],
});

// R-S01: a phone number finds the customer while the call lasts.
tours.add("aftersales_call", {
    steps: () => [
        {trigger: ".o-kanban-button-new, .o_list_button_add", run: "click"},
        {
            trigger: ".o_field_widget[name=phone] input",
            run: "edit 021 6218 0000 && press Tab",
        },
        {
            content: "the customer is there, and so is what is open already",
            trigger: ".o_field_widget[name=partner_id] input:value(上海市第三中学)",
        },
        {trigger: ".alert-warning button[name=action_view_duplicates]"},
        {trigger: ".o_field_widget[name=product_id] input", run: "edit 升降课桌"},
        {
            trigger: ".o-autocomplete--dropdown-item:contains('升降课桌')",
            run: "click",
        },
        {trigger: ".o_field_widget[name=problem] textarea", run: "edit 噪音很大"},
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: ".o_form_saved .o_arrow_button_current[data-value=new]"},
    ],
});
