import {completeSteps, noDialog} from "@aftersales_service/../tests/tours/tour_steps";
import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// R-H02: the guide mends what is missing and confirms the order.
tours.add("aftersales_order_guide", {
    steps: () => [
        {
            trigger: ".o_statusbar_buttons button[name=action_confirm]",
            run: "click",
        },
        {trigger: "button[name=action_view_visits], .o_arrow_button_current[data-value=sale]"},
        {trigger: ".alert-warning:contains('特殊要求')"},
        {trigger: ".nav-link:contains('售后服务')", run: "click"},
        {trigger: ".o_field_widget[name=no_special_requests] input", run: "click"},
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: ".o_form_saved:not(:has(.alert-warning:contains('特殊要求')))"},
    ],
});

// R-H01: the clerk takes the day's orders over.
tours.add("aftersales_order_clerk", {
    steps: () => [
        {trigger: ".o_data_row:first .o_data_cell:first", run: "click"},
        {trigger: "button[name=action_acknowledge]", run: "click"},
        {trigger: ".o_arrow_button_current[data-value=acknowledged]"},
    ],
});

// R-D06 R-H09: the planner sends a technician.
tours.add("aftersales_order_planner", {
    steps: () => [
        {trigger: ".o_statusbar_buttons button:contains('指派')", run: "click"},
        {
            trigger: ".modal .o_field_widget[name=employee_ids] input",
            run: "edit 李师傅",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('李师傅')",
            run: "click",
        },
        {trigger: ".modal button[name=action_save]", run: "click"},
        {trigger: `${noDialog} button[name=action_confirm]`, run: "click"},
        {trigger: ".o_arrow_button_current[data-value=confirmed]"},
    ],
});

// R-D04 R-H09: the warehouse knows who comes, checks the goods and lets them go.
tours.add("aftersales_order_warehouse", {
    steps: () => [
        {trigger: ".o_field_widget[name=aftersales_visit_info]:contains('李师傅')"},
        {trigger: ".o_data_row td[name=aftersales_check]", run: "click"},
        {
            trigger: ".o_data_row [name=aftersales_check] input, .o_data_row [name=aftersales_check] select",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains('已检查')",
            run: "click",
        },
        {
            trigger: ".o_statusbar_buttons button[name=button_validate]",
            run: "click",
        },
        {trigger: ".o_arrow_button_current[data-value=done]"},
    ],
});

// R-D02 R-D08 R-D10: called, left, arrived, ticked, signed; on a phone.
tours.add("aftersales_order_technician", {
    steps: () => [
        {
            trigger: ".o_kanban_record button:contains('已联系客户')",
            run: "click",
        },
        ...["address_ok", "phone_ok", "name_ok", "time_ok", "product_ok"].map(
            (name) => ({
                trigger: `.modal .o_field_widget[name=${name}] input`,
                run: "click",
            })
        ),
        {trigger: ".modal button[name=action_save]", run: "click"},
        {
            trigger: `${noDialog} .o_kanban_record button:contains('出发')`,
            run: "click",
        },
        {trigger: ".o_kanban_record button:contains('已到达')", run: "click"},
        ...completeSteps("安装完毕"),
    ],
});

// R-H06: the customer takes another time behind the link.
tours.add("aftersales_order_customer", {
    steps: () => [
        {
            trigger: "details summary:contains('另选时间'), details summary:contains('Choose another time')",
            run: "click",
        },
        {
            trigger: "details[open] button[name=start]:first",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: ".text-success .fa-check"},
    ],
});
