using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;

namespace Larkspur.Gateway.Platforms.Feishu.Ingress;

/// <summary>Answers to card clicks, as Feishu reads them.</summary>
internal static class CallbackAnswers
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Write(CallbackAnswer? answer, EventKind kind)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        // The old callback takes the card itself as the body, without room for a toast.
        if (kind == EventKind.LegacyCardCallback && answer?.Card is { } legacy)
        {
            buffer.Write(System.Text.Encoding.UTF8.GetBytes(legacy));
            return buffer.WrittenMemory;
        }

        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        if (answer?.Toast is { } toast) WriteToast(json, toast);
        if (answer?.Card is { } card)
        {
            json.WriteStartObject("card");
            json.WriteString("type", "raw");
            json.WritePropertyName("data");
            json.WriteRawValue(card);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteToast(Utf8JsonWriter json, Toast toast)
    {
        json.WriteStartObject("toast");
        json.WriteString("type", toast.Kind);
        json.WriteString("content", toast.Chinese);
        json.WriteStartObject("i18n");
        json.WriteString("zh_cn", toast.Chinese);
        json.WriteString("en_us", toast.English);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
