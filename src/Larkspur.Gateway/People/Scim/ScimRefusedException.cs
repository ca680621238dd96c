using Larkspur.Gateway.Api;

namespace Larkspur.Gateway.People.Scim;

/// <summary>Ends a SCIM request with an error of RFC 7644, section 3.12.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="type">The <c>scimType</c>; null: there is none.</param>
/// <param name="message">What is wrong, for people.</param>
internal sealed class ScimRefusedException(int status, string? type, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string? Type { get; } = type;

    public static ScimRefusedException Filter(string message) => new(400, "invalidFilter", message);

    public static ScimRefusedException Path(string message) => new(400, "invalidPath", message);

    public static ScimRefusedException Value(string message) => new(400, "invalidValue", message);

    public static ScimRefusedException Syntax(string message) => new(400, "invalidSyntax", message);

    public static ScimRefusedException Taken(string message) => new(409, "uniqueness", message);

    public static ScimRefusedException Foreign() =>
        new(400, "mutability", "This is read-only here: another directory, or another system's key, tells of it.");

    public static ScimRefusedException Missing() => new(404, null, "There is no such resource.");
}

/// <summary>Answers what SCIM's endpoints refuse.</summary>
internal sealed class ScimRefusals : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (ScimRefusedException e)
        {
            await ScimError.WriteAsync(context.HttpContext, e.Status, e.Type, e.Message);
            return Results.Empty;
        }
    }
}
