from odoo import api, fields, models
from odoo.tools import ormcache

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

    # made of fields that its reader may not read one by one
    display_name = fields.Char(compute_sudo=True, portal=True)

    def _valid_field_parameter(self, field, name):
        return name == "portal" or super()._valid_field_parameter(field, name)

    @api.model
    @ormcache("self._name")
    def _get_shut_fields(self):
        """Names of the fields of our addons that customers don't read."""
        return frozenset(
            name
            for name, field in self._fields.items()
            if field._modules
            and field._modules[0].startswith(PREFIX)
            and not _is_portal(field)
        )

    def _has_field_access(self, field, operation):
        return super()._has_field_access(field, operation) and (
            self.env.su
            or field.name not in self._get_shut_fields()
            or self.env.user._is_internal()
        )


def _is_portal(field):
    """Whether the field itself says so; a related one copies what its source says."""
    if not field.related:
        return getattr(field, "portal", False)
    definitions = (field, *field._base_fields__)
    return any((one._args__ or {}).get("portal") for one in definitions)
