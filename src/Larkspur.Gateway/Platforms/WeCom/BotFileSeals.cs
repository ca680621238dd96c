using System.Text.Json;
using Larkspur.WeCom.AiBots;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>Seals where a file that was sent to an AI bot lies, and the key that opens it: whoever reads them in a stored message could fetch it.</summary>
internal sealed class BotFileSeals(AddressSeals seals)
{
    /// <summary>A seal stands in an address's place, so that a stored message is read like any other. Nothing can be reached under it.</summary>
    private const string Prefix = "https://sealed.invalid/";
    public const string Purpose = "wecom-bot-file";

    private static readonly JsonWriterOptions Writing = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] Kinds = ["image", "file", "video"];

    /// <summary>A delivery as it is stored: addresses and keys of its files sealed, or gone when that cannot be done (then they are not read). All else stays as it came.</summary>
    public ReadOnlyMemory<byte> Sealed(AiBotDelivery delivery)
    {
        if (!HasFiles(delivery.Content) && !HasFiles(delivery.Quote)) return delivery.Json;
        using var json = JsonDocument.Parse(delivery.Json);
        using var written = new MemoryStream(delivery.Json.Length + 1024);
        using (var writer = new Utf8JsonWriter(written, Writing)) Copy(json.RootElement, writer);
        return written.ToArray();
    }

    /// <summary>What a message's attachment is kept by.</summary>
    public static string KeyOf(AiBotMedia media) => media.Url.AbsoluteUri.StartsWith(Prefix, StringComparison.Ordinal) ? media.Url.AbsoluteUri[Prefix.Length..] : "";

    /// <summary>The file, or null when the seal cannot be opened any more.</summary>
    public AiBotMedia? Open(string key) =>
        seals.Open(Purpose, key.Replace('-', '+').Replace('_', '/').PadRight((key.Length + 3) / 4 * 4, '='))?.Split('\n') is [var url, var aes] && Uri.TryCreate(url, UriKind.Absolute, out var address)
            ? new AiBotMedia(address, aes.Length > 0 ? aes : null) : null;

    private static bool HasFiles(AiBotReceived? content) => content is BotImageReceived or BotFileReceived or BotVideoReceived or BotMixedReceived;

    /// <summary>Values are copied as they were written: a text that is cut within a character is read by nobody here.</summary>
    private void Copy(JsonElement json, Utf8JsonWriter writer)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in json.EnumerateObject())
                {
                    if (NameOf(member) is not { } name) continue;
                    writer.WritePropertyName(name);
                    if (member.Value.ValueKind == JsonValueKind.Object && Array.Exists(Kinds, kind => member.NameEquals(kind))) WriteFile(member.Value, writer);
                    else Copy(member.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in json.EnumerateArray()) Copy(item, writer);
                writer.WriteEndArray();
                break;
            default:
                writer.WriteRawValue(json.GetRawText(), skipInputValidation: true);
                break;
        }
    }

    private void WriteFile(JsonElement file, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var member in file.EnumerateObject().Where(m => !m.NameEquals("url") && !m.NameEquals("aeskey")))
        {
            if (NameOf(member) is not { } name) continue;
            writer.WritePropertyName(name);
            Copy(member.Value, writer);
        }

        writer.WriteString("url", Prefix + Seal(Text(file, "url"), Text(file, "aeskey")));
        writer.WriteEndObject();
    }

    /// <summary>In the alphabet of addresses, without padding; empty: it cannot be sealed.</summary>
    private string Seal(string url, string key) => seals.Seal(Purpose, $"{url}\n{key}")?.TrimEnd('=').Replace('+', '-').Replace('/', '_') ?? "";

    /// <summary>Null: it is cut within a character, and no member that anybody reads.</summary>
    private static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string Text(JsonElement json, string name)
    {
        try
        {
            return json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        }
        catch (InvalidOperationException)
        {
            return ""; // cut within a character: no address, and no key
        }
    }
}
