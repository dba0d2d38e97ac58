import {Component, onWillUnmount, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const {DateTime} = luxon;

/** Counts down to a deadline, second by second, without reloading (R-S15). */
export class CountdownField extends Component {
    static template = "aftersales_service.CountdownField";
    static props = {...standardFieldProps};

    setup() {
        this.clock = useState({now: DateTime.now()});
        this.timer = setInterval(() => (this.clock.now = DateTime.now()), 1000);
        onWillUnmount(() => clearInterval(this.timer));
    }

    get deadline() {
        return this.props.record.data[this.props.name];
    }

    get seconds() {
        return Math.floor(this.deadline.diff(this.clock.now).as("seconds"));
    }

    get text() {
        const left = Math.abs(this.seconds);
        const days = Math.floor(left / 86400);
        const time = [left / 3600, left / 60, left]
            .map((part, index) => Math.floor(part) % (index ? 60 : 24))
            .map((part) => String(part).padStart(2, "0"))
            .join(":");
        const text = days ? _t("%(days)s d %(time)s", {days, time}) : time;
        return this.seconds < 0 ? `-${text}` : text;
    }

    get tone() {
        if (this.seconds < 0) {
            return "text-bg-danger";
        }
        const riskAt = this.props.record.data.sla_risk_at;
        const atRisk = riskAt && riskAt <= this.clock.now;
        return atRisk ? "text-bg-warning" : "text-bg-success";
    }

    get label() {
        return this.seconds < 0 ? _t("Late by %s", this.text) : _t("%s left", this.text);
    }
}

registry.category("fields").add("aftersales_countdown", {
    component: CountdownField,
    displayName: _t("Countdown"),
    supportedTypes: ["datetime"],
    fieldDependencies: [{name: "sla_risk_at", type: "datetime"}],
});
