"""How the OpenAPI page describes the departments' tokens; loaded when the app is ready."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class ClientTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The bearer token of ClientTokenAuthentication."""

    target_class = "foundation.accounts.api.ClientTokenAuthentication"
    name = "departmentToken"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return the scheme object of OpenAPI 3."""
        return {"type": "http", "scheme": "bearer"}
