from odoo.tests import tagged

from .common import AftersalesCase


@tagged("post_install", "-at_install")
class TestSelectionWords(AftersalesCase):
    """Choices that are taken from another field are in the reader's language."""

    def test_choices_of_other_fields_are_translated(self):
        """R-D10 R-K01: fields whose choices are a method's, found by themselves."""
        found = [
            (model, name)
            for model_name, model in self.env.items()
            if model_name.startswith("aftersales.")
            for name, field in model._fields.items()
            if field.type == "selection" and callable(field.selection)
        ]
        self.assertGreater(len(found), 5)
        for model, name in found:
            labels = [
                dict(
                    model.with_context(lang=lang).fields_get([name])[name]["selection"]
                )
                for lang in ("en_US", "zh_CN")
            ]
            with self.subTest(model=model._name, field=name):
                self.assertEqual(labels[0].keys(), labels[1].keys())
                self.assertNotEqual(*labels)
