using System.Text.Json;

namespace Larkspur.WeCom.AiBots;

/// <summary>A verified message or event of an AI bot, by callback or over the long connection.</summary>
/// <remarks>Deduplicate by <see cref="Id"/>. Clicks and feedback are delivered once and never repeated.</remarks>
public sealed class AiBotDelivery
{
    /// <summary><c>msgid</c>. A poll for a stream has one of its own.</summary>
    public required string Id { get; init; }

    /// <summary>The bot.</summary>
    public required string BotId { get; init; }

    /// <summary>Userid of the person; empty where an event has none.</summary>
    public required string From { get; init; }

    /// <summary>The person's corp where the platform names it; null otherwise.</summary>
    public string? CorpId { get; init; }

    /// <summary>The group; null in a conversation with one person.</summary>
    public required string? ChatId { get; init; }

    /// <summary>Written in a group (where only messages that mention the bot arrive).</summary>
    public required bool IsGroup { get; init; }

    /// <summary>When it reached us; the time for an answer counts from here at the latest.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>What was said or what happened; <see cref="BotUnknownReceived"/> for what this version has no type for.</summary>
    public required AiBotReceived Content { get; init; }

    /// <summary>The message that this one quotes.</summary>
    public AiBotReceived? Quote { get; init; }

    /// <summary>Callback mode: where one later answer may be posted within an hour. Secret while it lives; null also when it is neither https nor on loopback.</summary>
    public Uri? ResponseUrl { get; init; }

    /// <summary>Long connection: the id that answers carry.</summary>
    public string? RequestId { get; init; }

    /// <summary>All of it, UTF-8, to be stored.</summary>
    public required ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>The conversation: the group, or the person.</summary>
    public string Conversation => ChatId ?? From;

    /// <summary>Reads what was stored of a delivery: to answer it after a restart, or in another process.</summary>
    /// <param name="json">As <see cref="Json"/> had it; members that the platform does not know are passed over.</param>
    /// <param name="receivedAt">When it came; the windows for its answers count from here.</param>
    /// <param name="requestId">As <see cref="RequestId"/> had it.</param>
    /// <returns>Null: it is no message and no event.</returns>
    public static AiBotDelivery? Restore(ReadOnlyMemory<byte> json, DateTimeOffset receivedAt, string? requestId = null)
        => AiBotReader.Parse(json) is { } read ? AiBotReader.Read(read, json, receivedAt, requestId) : null;
}

/// <summary>What an AI bot receives.</summary>
public abstract record AiBotReceived;

/// <summary>Text.</summary>
public sealed record BotTextReceived(string Content) : AiBotReceived;

/// <summary>A picture (one person only).</summary>
public sealed record BotImageReceived(AiBotMedia Image) : AiBotReceived;

/// <summary>Text and pictures.</summary>
public sealed record BotMixedReceived(IReadOnlyList<AiBotReceived> Items) : AiBotReceived;

/// <summary>Speech, already as text (one person only).</summary>
public sealed record BotVoiceReceived(string Content) : AiBotReceived;

/// <summary>A file, at most 100 MB (one person only).</summary>
public sealed record BotFileReceived(AiBotMedia File) : AiBotReceived;

/// <summary>A video (one person only).</summary>
public sealed record BotVideoReceived(AiBotMedia Video) : AiBotReceived;

/// <summary>Callback mode: the platform asks how far a stream is. Answer with the whole text so far (see <see cref="AiBotStreams.Poll"/>).</summary>
public sealed record BotStreamPolled(string StreamId) : AiBotReceived;

/// <summary><c>enter_chat</c>: the person's first visit of the day; a welcome may leave within 5 s.</summary>
public sealed record BotChatEntered : AiBotReceived;

/// <summary><c>template_card_event</c>: a click; the card may be updated within 5 s. Sent once, never repeated.</summary>
public sealed record BotCardClicked(string Key, string TaskId, string CardType, IReadOnlyList<Callbacks.CardSelection> Selected) : AiBotReceived;

/// <summary><c>feedback_event</c>: a person judged an answer. Nothing may be answered.</summary>
/// <param name="FeedbackId">As given with the stream.</param>
/// <param name="Verdict">1 good, 2 bad, 3 taken back.</param>
/// <param name="Text">In the person's words.</param>
/// <param name="Reasons">1 to 4, what was bad about it.</param>
public sealed record BotFeedback(string FeedbackId, int Verdict, string Text, IReadOnlyList<int> Reasons) : AiBotReceived;

/// <summary><c>disconnected_event</c>: another connection took this bot over.</summary>
public sealed record BotReplaced : AiBotReceived;

/// <summary>A kind that this version has no type for.</summary>
public sealed record BotUnknownReceived(JsonElement Json) : AiBotReceived;

/// <summary>A file that a person sent: encrypted at the platform, for 5 minutes.</summary>
/// <param name="Url">Where.</param>
/// <param name="AesKey">Long connection: its own key. Null in callback mode, where it is the bot's EncodingAESKey. Secret.</param>
public sealed record AiBotMedia(Uri Url, string? AesKey)
{
    /// <summary>Opens what was downloaded (AES-256-CBC, padded to 32 bytes).</summary>
    /// <param name="encrypted">The bytes as downloaded.</param>
    /// <param name="encodingAesKey">The bot's, for callback mode; ignored when the file has its own.</param>
    /// <exception cref="CallbackCipherException">Damaged, or another key.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> encrypted, string? encodingAesKey = null)
    {
        string text = AesKey ?? encodingAesKey ?? throw new ArgumentException("The file has no key of its own: give the bot's EncodingAESKey.", nameof(encodingAesKey));
        var key = new byte[64];
        string padded = text.TrimEnd('=') is { Length: 43 } bare ? bare + "=" : text;
        if (!Convert.TryFromBase64String(padded, key, out int length) || length != 32) throw new CallbackCipherException(CallbackCipherProblem.Damaged, "The file's key is not 32 bytes of base64.");
        if (encrypted.Length == 0 || encrypted.Length % 16 != 0) throw Damaged();
        using var aes = System.Security.Cryptography.Aes.Create();
        aes.Key = key[..32];
        byte[] plain = aes.DecryptCbc(encrypted, key.AsSpan(0, 16), System.Security.Cryptography.PaddingMode.None);
        int pad = plain[^1];
        if (pad is < 1 or > 32 || pad > plain.Length || plain.AsSpan(plain.Length - pad).ContainsAnyExcept((byte)pad)) throw Damaged();
        return plain[..^pad];
    }

    /// <summary>Without the key.</summary>
    public override string ToString() => Url.GetLeftPart(UriPartial.Path);

    private static CallbackCipherException Damaged() => new(CallbackCipherProblem.Damaged, "The file was not encrypted with this key, or is damaged.");
}
