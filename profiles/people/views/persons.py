from django.views.generic import TemplateView as PersonDetail
from django.views.generic import TemplateView as ProposeName
from django.views.generic import TemplateView as ProposeNumber
from django.views.generic import TemplateView as ProposeCorrection
