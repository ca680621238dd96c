namespace Larkspur.Gateway.People.Scim;

/// <summary>A kind of resource, with what SCIM does to it (RFC 7644, section 3.2). What is refused is a
/// <see cref="ScimRefusedException"/>.</summary>
internal interface IScimResource
{
    Task<IResult> ListAsync(HttpContext http, CancellationToken cancellation);

    Task<IResult> GetAsync(HttpContext http, string id, CancellationToken cancellation);

    Task<IResult> CreateAsync(HttpContext http, CancellationToken cancellation);

    Task<IResult> ReplaceAsync(HttpContext http, string id, CancellationToken cancellation);

    Task<IResult> PatchAsync(HttpContext http, string id, CancellationToken cancellation);

    Task<IResult> DeleteAsync(HttpContext http, string id, CancellationToken cancellation);
}
