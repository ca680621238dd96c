using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.WeCom.Callbacks;

namespace Larkspur.WeCom.AiBots;

/// <summary>Judges the requests that reach a bot's callback address, and seals the answers.</summary>
/// <remarks>
/// As <see cref="WeComCallbackReceiver"/>, with JSON in place of XML and an empty receive id. Counter <c>larkspur.wecom.callbacks</c> by <c>kind</c>=<c>aibot</c>. Source: page 101033.
/// </remarks>
public sealed class AiBotCallbackReceiver
{
    private readonly CallbackVerifier _verifier;

    /// <summary>A receiver for a bot.</summary>
    /// <param name="options">The bot; Token and EncodingAesKey are needed.</param>
    /// <param name="clock">Time; null: the system's.</param>
    /// <exception cref="ArgumentException">The options are not usable for callbacks.</exception>
    public AiBotCallbackReceiver(AiBotOptions options, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check(forSocket: false);
        _verifier = new CallbackVerifier(new CallbackCipher(options.Token!, options.EncodingAesKey!, ""), options.CallbackWindow, clock ?? TimeProvider.System);
    }

    /// <summary>The platform's GET, which checks the address.</summary>
    public WeComReception<AiBotDelivery> CheckAddress(in WeComCallbackQuery query) => CallbackVerifier.Count("aibot", _verifier.CheckAddress<AiBotDelivery>(query));

    /// <summary>The platform's POST.</summary>
    public WeComReception<AiBotDelivery> Receive(in WeComCallbackQuery query, ReadOnlySpan<byte> rawBody) => CallbackVerifier.Count("aibot", Judge(query, rawBody));

    /// <summary>An answer, encrypted and signed, as the JSON body of the 200.</summary>
    /// <param name="answer">Stream, stream with card, card; text or card for <see cref="BotChatEntered"/>; an update for <see cref="BotCardClicked"/>.</param>
    /// <param name="delivery">What it answers.</param>
    /// <param name="nonce">The nonce of the request's query, which the answer repeats.</param>
    /// <exception cref="WeComContentException">The answer does not fit what was delivered.</exception>
    public byte[] Seal(AiBotAnswer answer, AiBotDelivery delivery, string nonce)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(delivery);
        ArgumentException.ThrowIfNullOrWhiteSpace(nonce);
        switch (delivery.Content)
        {
            case BotChatEntered: answer.Require("a welcome", "text", "template_card"); break;
            case BotCardClicked click:
                answer.Require("the answer to a click", "update_template_card");
                if (answer.Json["template_card"]!["task_id"]!.GetValue<string>() != click.TaskId) throw new WeComContentException(["task_id is not that of the click."]);
                break;
            case BotStreamPolled: answer.Require("the answer to a poll", "stream", "stream_with_template_card"); break;
            case BotFeedback or BotReplaced: throw new WeComContentException(["This event is answered with an empty body."]);
            default: answer.Require("the direct answer to a message", "stream", "stream_with_template_card", "template_card"); break;
        }

        long timestamp = _verifier.Clock.GetUtcNow().ToUnixTimeSeconds();
        string encrypted = _verifier.Cipher.Encrypt(JsonSerializer.SerializeToUtf8Bytes(answer.Json, WeComJson.Options));
        // The platform's spelling: msgsignature here, msg_signature in queries.
        var body = new JsonObject
        {
            ["encrypt"] = encrypted,
            ["msgsignature"] = _verifier.Cipher.Sign(timestamp.ToString(CultureInfo.InvariantCulture), nonce, encrypted),
            ["timestamp"] = timestamp,
            ["nonce"] = nonce,
        };
        return Encoding.UTF8.GetBytes(body.ToJsonString(WeComJson.Options));
    }

    private WeComReception<AiBotDelivery> Judge(in WeComCallbackQuery query, ReadOnlySpan<byte> rawBody)
    {
        if (rawBody.Length > CallbackVerifier.MaxBodyBytes) return Refuse(WeComRefusal.TooLarge);
        if (string.IsNullOrEmpty(query.Signature) || string.IsNullOrEmpty(query.Timestamp) || string.IsNullOrEmpty(query.Nonce)) return Refuse(WeComRefusal.MissingSignature);
        if (AiBotReader.Parse(rawBody.ToArray()) is not { } envelope || !envelope.TryGetProperty("encrypt", out JsonElement sealedText) || sealedText.ValueKind != JsonValueKind.String
            || TextOf(sealedText) is not { Length: > 0 } encrypted)
        {
            return Refuse(WeComRefusal.MalformedEnvelope);
        }

        WeComRefusal refusal = _verifier.Open(query, encrypted, out byte[] plain);
        if (refusal != WeComRefusal.None) return Refuse(refusal);
        return AiBotReader.Parse(plain) is { } json && AiBotReader.Read(json, plain, _verifier.Clock.GetUtcNow(), null) is { } delivery
            ? WeComReception<AiBotDelivery>.Delivered(delivery) : Refuse(WeComRefusal.MalformedMessage);
    }

    private static string? TextOf(JsonElement text)
    {
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static WeComReception<AiBotDelivery> Refuse(WeComRefusal refusal) => WeComReception<AiBotDelivery>.Refused(refusal);
}
