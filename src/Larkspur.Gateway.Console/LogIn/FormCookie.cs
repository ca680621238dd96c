namespace Larkspur.Gateway.Console.LogIn;

/// <summary>The cookie of the forms' tokens. Over TLS, the proxy's too, it is sent over TLS only, as the session's is.</summary>
internal sealed class FormCookie : CookieBuilder
{
    public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
    {
        var options = base.Build(context, expiresFrom);
        options.Secure = SessionCookie.IsSecure(context.Request);
        return options;
    }
}
