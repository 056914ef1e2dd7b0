from django.urls import path

from example_project.shop import api, views

urlpatterns = [
    path("", views.home, name="shop_home"),
    path("products/<slug:slug>/", views.product, name="shop_product"),
    path("checkout/<slug:slug>/", views.checkout, name="shop_checkout"),
    path("orders/", views.orders, name="shop_orders"),
    path("orders/<str:number>/", views.order, name="shop_order"),
    path("payout-address/", views.payout_address, name="shop_payout_address"),
    path("payout-address/change/", views.change_payout_address, name="shop_change_payout_address"),
    path("api/shop/payout-address/", api.ChangePayoutAddress.as_view(), name="shop_api_payout_address"),
]
