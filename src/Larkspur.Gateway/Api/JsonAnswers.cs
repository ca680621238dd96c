using System.Text.Json;

namespace Larkspur.Gateway.Api;

/// <summary>Small JSON answers, written without reflection.</summary>
internal static class JsonAnswers
{
    /// <summary>Writes one object.</summary>
    public static async Task WriteJsonAsync(this HttpContext http, int status, Action<Utf8JsonWriter> members)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = buffer.WrittenCount;
        await http.Response.Body.WriteAsync(buffer.WrittenMemory, http.RequestAborted);
    }

    /// <summary>Writes <c>{"error":"…"}</c>: a word, and nothing about the inside. Under <c>/api</c> it is a problem with that word.</summary>
    public static Task WriteErrorAsync(this HttpContext http, int status, string error) => Problems.AreSpokenAt(http.Request.Path)
        ? Problems.WriteAsync(http, Problem.Of(status, error))
        : http.WriteJsonAsync(status, json => json.WriteString("error", error));
}
