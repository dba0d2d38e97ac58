import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const noDialog = "body:not(:has(.modal))";

// R-T01 R-T04 R-T07: the organiser registers people, confirms what the customer chose,
// ticks who is there and issues the certificate.
tours.add("training_organiser_plan", {
    steps: () => [
        {trigger: ".o_statusbar_buttons button:contains('登记人员')", run: "click"},
        {
            trigger: ".modal .o_field_widget[name=text] textarea",
            run: "edit 王建华 13900000001 操作人员",
        },
        {trigger: ".modal button[name=action_save]", run: "click"},
        {trigger: `${noDialog} .o_notification:contains('1')`},
        {
            trigger: ".o_field_widget[name=event_ids] .o_data_row .o_data_cell:contains('操作与安全')",
        },
    ],
});

tours.add("training_organiser_session", {
    steps: () => [
        {trigger: ".o_statusbar_buttons button:contains('客户已定')", run: "click"},
        {
            trigger: ".modal .o_field_widget[name=place] input",
            run: "edit 学校报告厅",
        },
        {
            trigger: ".modal .o_field_widget[name=chosen_by] input",
            run: "edit 王主任",
        },
        {trigger: ".modal button[name=action_save]", run: "click"},
        {
            trigger: `${noDialog} button[name=action_confirm_session]`,
            run: "click",
        },
        {trigger: ".o_arrow_button_current[data-value=confirmed]"},
    ],
});

tours.add("training_organiser_attendance", {
    steps: () => [
        {
            trigger: ".o_statusbar_buttons button[name=action_view_attendance]",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:contains('王建华') button[name=action_mark_present]",
            run: "click",
        },
        {trigger: ".o_kanban_record:contains('王建华') .fa-check"},
    ],
});

tours.add("training_organiser_certificate", {
    steps: () => [
        {
            trigger: ".o_statusbar_buttons button[name=action_issue_certificates]",
            run: "click",
        },
        {
            trigger: "button[name=action_view_certificates]:contains('1')",
            run: "click",
        },
        {trigger: ".o_data_row:contains('王建华')"},
    ],
});

// R-T01 R-T04: the customer decides date and place and names the people, by link.
tours.add("training_customer", {
    steps: () => [
        {
            trigger: ".o_training_session[data-kind=operation] input[name=place]",
            run: "edit 二楼会议室",
        },
        {
            trigger: ".o_training_session[data-kind=operation] input[name=chosen_by]",
            run: "edit 王主任",
        },
        {
            trigger: ".o_training_session[data-kind=operation] .o_training_choose",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_training_session[data-kind=operation]:contains('二楼会议室') .text-bg-info",
        },
        {trigger: "form[action*='/people'] input[name=name]", run: "edit 李秀兰"},
        {trigger: "form[action*='/people'] input[name=phone]", run: "edit 13900000002"},
        {trigger: ".o_training_add", run: "click", expectUnloadPage: true},
        {trigger: ".o_training_people:contains('李秀兰')"},
        {trigger: "details:has(textarea) summary", run: "click"},
        {
            trigger: "textarea[name=text]",
            run: "edit 张德明 13900000003 维修人员",
        },
        {trigger: ".o_training_import", run: "click", expectUnloadPage: true},
        {trigger: ".o_training_people:contains('张德明'):contains('维修人员')"},
    ],
});
