using System.Text.Encodings.Web;
using System.Text.Json;
using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>What a component does when it is used: opens an address (<see cref="OpenUrl"/>) or calls the app back (<see cref="Callback(object)"/>).</summary>
public abstract record Behavior
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private protected Behavior()
    {
    }

    /// <summary>Opens an address.</summary>
    /// <param name="url">For clients that have none of their own below.</param>
    /// <param name="pc">On computers.</param>
    /// <param name="ios">On iOS.</param>
    /// <param name="android">On Android. <c>lark://msgcard/unsupported_action</c> switches a platform off.</param>
    /// <exception cref="ArgumentException">An address is not complete, or has a scheme other than https, http, lark, feishu, applink.</exception>
    public static Behavior OpenUrl(string url, string? pc = null, string? ios = null, string? android = null) => new OpenUrlBehavior(
        Guard.Url(url, "The address"), Guard.OptionalUrl(pc, "The address for computers"), Guard.OptionalUrl(ios, "The address for iOS"), Guard.OptionalUrl(android, "The address for Android"));

    /// <summary>Calls the app back with a value that comes back as <c>action.value</c>.</summary>
    /// <param name="value">A string, or whatever System.Text.Json makes an object of.</param>
    /// <exception cref="ArgumentException">Its JSON is neither an object nor a string.</exception>
    public static Behavior Callback(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new CallbackBehavior(Checked(JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), Relaxed)));
    }

    /// <summary>Calls the app back with JSON that is there already.</summary>
    /// <exception cref="ArgumentException">It is not JSON, or neither an object nor a string.</exception>
    public static Behavior CallbackJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            return new CallbackBehavior(Checked(JsonSerializer.SerializeToUtf8Bytes(document.RootElement, Relaxed)));
        }
        catch (JsonException e)
        {
            throw new ArgumentException("The callback's value is not JSON; use Callback(object), which makes it.", nameof(json), e);
        }
    }

    private static byte[] Checked(byte[] json) => json[0] is (byte)'{' or (byte)'"'
        ? json
        : throw new ArgumentException("A callback's value is an object or a string on the wire; wrap it: new { value = … }.");

    internal abstract void Write(CardWriter writer);

    private sealed record OpenUrlBehavior(string Url, string? Pc, string? Ios, string? Android) : Behavior
    {
        internal override void Write(CardWriter writer)
        {
            writer.Json.WriteStartObject();
            writer.Json.WriteString("type"u8, "open_url"u8);
            writer.Json.WriteString("default_url"u8, Url);
            writer.String("pc_url"u8, Pc);
            writer.String("ios_url"u8, Ios);
            writer.String("android_url"u8, Android);
            writer.Json.WriteEndObject();
        }
    }

    private sealed record CallbackBehavior(byte[] Value) : Behavior
    {
        internal override void Write(CardWriter writer)
        {
            writer.Json.WriteStartObject();
            writer.Json.WriteString("type"u8, "callback"u8);
            writer.Json.WritePropertyName("value"u8);
            writer.Json.WriteRawValue(Value, skipInputValidation: true);
            writer.Json.WriteEndObject();
        }

        public bool Equals(CallbackBehavior? other) => other is not null && Value.AsSpan().SequenceEqual(other.Value);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.AddBytes(Value);
            return hash.ToHashCode();
        }
    }
}
