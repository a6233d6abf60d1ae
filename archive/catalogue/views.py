"""The catalogue, open to everybody: what may be recorded, on what law, for how long."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from archive.catalogue.models import Item, LegalBasis
from archive.catalogue.tables import ItemFilter, ItemTable
from profiles.common.views import PublicListing


class ItemList(PublicListing):
    table_class = ItemTable
    filterset_class = ItemFilter
    title = _("Catalogue")
    lead = _("What may be recorded, and on what basis. What is not in the catalogue is not recorded.")
    empty_title = _("The catalogue has not been loaded")
    empty_text = _("Run manage.py load_catalogue.")

    def get_queryset(self) -> Any:
        return Item.objects.current()


class ItemDetail(TemplateView):
    template_name = "catalogue/item.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        item = get_object_or_404(Item.objects.newest(), code=self.kwargs["code"])
        titles = LegalBasis.objects.in_bulk([basis["code"] for basis in item.bases])
        bases = [(titles[basis["code"]], basis.get("articles", "")) for basis in item.bases]
        earlier = Item.objects.filter(code=item.code).exclude(pk=item.pk)
        return super().get_context_data(item=item, bases=bases, earlier=earlier, **kwargs)
