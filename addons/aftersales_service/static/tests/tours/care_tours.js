import {completeSteps, noDialog} from "@aftersales_service/../tests/tours/tour_steps";
import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** Choose a record in a many2one below `scope`. */
const choose = (scope, name, label) => [
    {trigger: `${scope} [name=${name}] input`, run: `edit ${label}`},
    {
        trigger: `.o-autocomplete--dropdown-item:contains('${label}')`,
        run: "click",
    },
    {trigger: "body:not(:has(.o-autocomplete--dropdown-menu))"},
];

// R-D14 R-V11: the agent calls; a low score opens a complaint by itself.
tours.add("aftersales_care_call", {
    steps: () => [
        {
            trigger: ".o_data_row:contains('王主任') button[name=action_open_revisit]",
            run: "click",
        },
        {trigger: ".modal .alert [name=script]:contains('王主任')"},
        {
            trigger: ".modal [name=csat] .o_selection_badge[value='\"2\"']",
            run: "click",
        },
        {trigger: ".modal [name=remarks] textarea", run: "edit 螺丝没拧紧"},
        {trigger: ".modal button[name=action_save]", run: "click"},
        {
            content: "nobody is left to call",
            trigger: `${noDialog} .o_list_view .o_view_nocontent`,
        },
    ],
});

// R-C04 R-C05 R-C02: cause, who answers, what is done, the customer's word.
tours.add("aftersales_care_complaint", {
    steps: () => [
        {
            trigger: ".o_statusbar_buttons button:contains('已答复')",
            run: "click",
        },
        {trigger: ".modal [name=note] textarea", run: "edit 已道歉，明天上门紧固"},
        {trigger: ".modal button[name=action_save]", run: "click"},
        {
            trigger: `${noDialog} .nav-link[name=complaint]`,
            run: "click",
        },
        ...choose(".tab-pane.active", "cause_id", "螺丝未紧固"),
        {
            trigger: ".tab-pane.active [name=cause_note] textarea",
            run: "edit 安装后未复检",
        },
        {
            trigger: ".tab-pane.active [name=responsible_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        ...choose("[name=responsible_ids] .o_selected_row", "employee_id", "李师傅"),
        {
            trigger: ".tab-pane.active [name=measure_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: "[name=measure_ids] .o_selected_row [name=name] input",
            run: "edit 全部螺丝复检",
        },
        ...choose("[name=measure_ids] .o_selected_row", "employee_id", "李师傅"),
        {
            trigger: "[name=measure_ids] .o_selected_row [name=due_at] input",
            run: "edit 2035/12/31 10:00:00",
        },
        {trigger: ".o_form_button_save", run: "click"},
        {
            content: "saved: the measure has its promise",
            trigger:
                "body:has(.o_form_saved) button[name=action_view_measures]:contains('1')",
        },
        {trigger: "button[name=action_ask_confirmation]", run: "click"},
        {trigger: ".o-mail-Chatter .o-mail-Message:contains('尊敬的')"},
    ],
});

// R-V07: measured, found, made into a repair task, completed; on a phone.
tours.add("aftersales_care_inspection", {
    steps: () => [
        {
            trigger: ".o_kanban_record:contains('上海市第三中学') .fs-5",
            run: "click",
        },
        {trigger: ".o_form_view .nav-link[name=inspection]", run: "click"},
        {
            trigger: "[name=inspection_line_ids] .o_kanban_record:contains('水平度')",
            run: "click",
        },
        {trigger: ".modal [name=value] input", run: "edit 0.8"},
        {trigger: ".modal .o_form_button_save", run: "click"},
        {
            content: "beyond its limits: the finding is one touch away",
            trigger: `${noDialog} .o_kanban_record:contains('异常') button:contains('记录问题')`,
            run: "click",
        },
        {trigger: ".o_form_view [name=name] input, .o_form_view [name=name] textarea", run: "edit 台面倾斜"},
        {trigger: ".o_form_view [name=cause] textarea", run: "edit 地脚松动"},
        {trigger: ".o_form_view [name=measure] textarea", run: "edit 重新调平"},
        {trigger: ".o_form_view [name=owner_id] input", run: "click"},
        {trigger: ".modal .o_kanban_record:contains('李师傅')", run: "click"},
        {trigger: `${noDialog} button[name=action_create_task]`, run: "click"},
        {trigger: ".o_statusbar_status:contains('维修中')"},
    ],
});

// R-V07 R-D08: what is measured is completed with the customer's signature.
tours.add("aftersales_care_complete", {
    steps: () => completeSteps("巡检完毕"),
});

// R-K01 R-Q01 R-Q02: the month is counted, understood and closed.
tours.add("aftersales_care_appraisal", {
    steps: () => [
        {trigger: ".modal button[name=action_appraise]", run: "click"},
        {
            trigger: `${noDialog} .o_data_row:contains('李师傅') .o_data_cell:first`,
            run: "click",
        },
        {
            content: "the records behind the number",
            trigger: ".o_data_row:contains('客户评分') button[name=action_open_records]",
            run: "click",
        },
        {trigger: ".o_list_view .o_data_row:contains('上海市第三中学')"},
        {
            trigger: ".breadcrumb-item a:contains('李师傅'), .o_back_button",
            run: "click",
        },
        {trigger: ".o_form_view button[name=action_close]", run: "click"},
        {trigger: ".modal .modal-footer .btn-primary", run: "click"},
        {trigger: `${noDialog} .o_arrow_button_current[data-value=closed]`},
    ],
});

// R-Q01: what most cases come from stands first.
tours.add("aftersales_care_pareto", {
    steps: () => [
        {trigger: "button[name=action_show]", run: "click"},
        {trigger: ".o_data_row:first:contains('螺丝未紧固'):contains('A')"},
        {
            trigger: ".o_data_row:first button[name=action_open_records]",
            run: "click",
        },
        {trigger: ".o_list_view .o_data_row:contains('上海市第三中学')"},
    ],
});

// R-Q01: the month's report is made, concluded and issued.
tours.add("aftersales_care_quality", {
    steps: () => [
        {trigger: ".modal button[name=action_report]", run: "click"},
        {trigger: `${noDialog} [name=figures_html] table:contains('客户')`},
        {trigger: "[name=conclusion] textarea", run: "edit 加强复检"},
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: ".o_form_saved button[name=action_issue]", run: "click"},
        {trigger: ".modal .modal-footer .btn-primary", run: "click"},
        {trigger: `${noDialog} .o_arrow_button_current[data-value=issued]`},
    ],
});
