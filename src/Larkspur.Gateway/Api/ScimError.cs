using System.Globalization;
using System.Text.Json;

namespace Larkspur.Gateway.Api;

/// <summary>Writes refusals under <c>/scim</c> in the form of RFC 7644, section 3.12.</summary>
internal static class ScimError
{
    public const string ContentType = "application/scim+json";
    public const string Schema = "urn:ietf:params:scim:api:messages:2.0:Error";

    /// <param name="http">The request.</param>
    /// <param name="status">Its status; in the body it is a text.</param>
    /// <param name="type">The <c>scimType</c>; null: the RFC has no word for it.</param>
    /// <param name="detail">What is wrong, for people.</param>
    public static async Task WriteAsync(HttpContext http, int status, string? type, string detail)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("schemas");
            json.WriteStringValue(Schema);
            json.WriteEndArray();
            json.WriteString("status", status.ToString(CultureInfo.InvariantCulture));
            if (type is not null) json.WriteString("scimType", type);
            json.WriteString("detail", detail);
            json.WriteEndObject();
        }

        http.Response.StatusCode = status;
        http.Response.ContentType = ContentType;
        http.Response.ContentLength = buffer.WrittenCount;
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.Body.WriteAsync(buffer.WrittenMemory, http.RequestAborted);
    }
}
