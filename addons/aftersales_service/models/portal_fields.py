from odoo import models

PREFIX = "aftersales_"  # the technical names of our addons


class AftersalesPortalFields(models.AbstractModel):
    """Customers read of a record what its page shows them (R-E07).

    A field that one of our addons adds is shut to portal and public users unless its
    declaration says ``portal=True``: over every protocol, in searches, groups, orders
    and exports too. Odoo's fields stay as Odoo declares them. A field that nobody
    thought about is therefore shut. Pages read with ``sudo()`` after the access check
    on the record, and their templates are what chooses.
    """

    _name = "aftersales.portal.fields"
    _description = "Fields That Customers Read"

    def _valid_field_parameter(self, field, name):
        return name == "portal" or super()._valid_field_parameter(field, name)

    def _has_field_access(self, field, operation):
        return super()._has_field_access(field, operation) and (
            self.env.su
            or getattr(field, "portal", False)
            or not _is_ours(field)
            or self.env.user._is_internal()
        )


def _is_ours(field):
    """Whether an addon of ours added this field; of a mixin of Odoo's it didn't."""
    return bool(field._modules) and field._modules[0].startswith(PREFIX)
