using System.Text.Encodings.Web;
using System.Text.Json;

namespace Larkspur.Gateway.Common.Text;

/// <summary>Message contents.</summary>
internal static class MessageContent
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Content of a <c>text</c> message. It must not hold what people wrote: Feishu reads <c>&lt;at&gt;</c> tags in it.</summary>
    public static string Text(string text) => $$"""{"text":{{JsonSerializer.Serialize(text, Options)}}}""";
}
