def migrate(cr, _version):
    """Two answered invitations of merged customers stay side by side."""
    cr.execute(
        "ALTER TABLE aftersales_survey_invitation DROP CONSTRAINT IF EXISTS"
        " aftersales_survey_invitation_partner_uniq"
    )
