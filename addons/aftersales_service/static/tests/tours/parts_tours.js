import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const noDialog = "body:not(:has(.modal))";

// R-P02: the supervisor approves what the technician asks for, on the request.
tours.add("aftersales_parts_approve", {
    steps: () => [
        {trigger: ".nav-link[name=parts]", run: "click"},
        {
            trigger: ".o_data_row:contains('镜头模组') button[name=action_approve]",
            run: "click",
        },
        {trigger: ".o_data_row:contains('镜头模组') button[name=action_reserve]"},
    ],
});

// R-P03 R-P06: the warehouse finds it in its list, reserves it and hands it over.
tours.add("aftersales_parts_issue", {
    steps: () => [
        {
            trigger:
                ".o_menu_sections [data-menu-xmlid='aftersales_service.menu_aftersales_parts']",
            run: "click",
        },
        {
            trigger:
                ".o-dropdown--menu [data-menu-xmlid='aftersales_service.menu_part_line_issue']",
            run: "click",
        },
        {trigger: ".o_last_breadcrumb_item:contains('待发放')"},
        {trigger: ".o_data_row:contains('镜头模组') td[name=destination]", run: "click"},
        {
            trigger: ".o_statusbar_buttons button[name=action_reserve]",
            run: "click",
        },
        {trigger: ".o_arrow_button_current[data-value=reserved]"},
        {trigger: ".o_statusbar_buttons button[name=action_issue]", run: "click"},
        {trigger: ".o_arrow_button_current[data-value=issued]"},
    ],
});

// R-P06: the technician says on the request what was fitted.
tours.add("aftersales_parts_fit", {
    steps: () => [
        {trigger: ".nav-link[name=parts]", run: "click"},
        {
            trigger: ".o_data_row:contains('镜头模组') button:contains('已安装')",
            run: "click",
        },
        {trigger: ".modal button[name=action_save]", run: "click"},
        {
            trigger: `${noDialog} .o_data_row:contains('镜头模组') [name=state]:contains('已使用')`,
        },
    ],
});

// R-P08: without a signature the gift stays, and the message names it.
tours.add("aftersales_gift_refused", {
    steps: () => [
        {
            trigger: ".o_statusbar_buttons button[name=button_validate]",
            run: "click",
        },
        {trigger: ".modal .modal-body:contains('保温杯')"},
        {trigger: ".modal .modal-footer .btn-primary", run: "click"},
        {trigger: `${noDialog} .o_arrow_button_current[data-value=assigned]`},
    ],
});

// R-P08: the store manager signs in the transfer itself.
tours.add("aftersales_gift_authorised", {
    steps: () => [
        {
            trigger: ".o_statusbar_buttons button:contains('赠品授权')",
            run: "click",
        },
        {trigger: ".modal [name=reason] input", run: "edit 开业赠品"},
        {trigger: ".modal button[name=action_save]", run: "click"},
        {trigger: `${noDialog} .o_form_view`},
    ],
});

// R-P08 R-X02: the warehouse validates what is in front of it.
tours.add("aftersales_warehouse_validate", {
    steps: () => [
        {
            trigger: ".o_statusbar_buttons button[name=button_validate]",
            run: "click",
        },
        {trigger: `${noDialog} .o_arrow_button_current[data-value=done]`},
    ],
});

// R-X01 R-X02: from the customer's call to the two transfers, in one dialog.
tours.add("aftersales_exchange", {
    steps: () => [
        {
            trigger: ".o_statusbar_buttons button:contains('退换货')",
            run: "click",
        },
        {trigger: ".modal .o_data_row:contains('KZ260001')"},
        {trigger: ".modal [name=reason] input:value(桌面开裂)"},
        {trigger: ".modal button[name=action_save]", run: "click"},
        {
            trigger: `${noDialog} .o-form-buttonbox button[name=action_view_exchanges]`,
            run: "click",
        },
        {trigger: ".o_last_breadcrumb_item:contains('退换货')"},
        {trigger: ".o_data_row:contains('KZ260001')"},
    ],
});
