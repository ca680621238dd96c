namespace Larkspur.WeCom.AiBots;

/// <summary>One AI bot (智能机器人). It works in one of two modes: the long connection (id and secret), or a callback address (token and key). Switching one on switches the other off.</summary>
public sealed class AiBotOptions
{
    /// <summary>Bot ID of the admin console. Required for the long connection.</summary>
    public string BotId { get; set; } = "";

    /// <summary>Secret of the long connection; never logged.</summary>
    public string? Secret { get; set; }

    /// <summary>Token of the callback address. Secret.</summary>
    public string? Token { get; set; }

    /// <summary>EncodingAESKey of the callback address, 43 characters. Secret.</summary>
    public string? EncodingAesKey { get; set; }

    /// <summary>Where the long connection goes; null: <c>wss://openws.work.weixin.qq.com</c>, or <c>/aibot/ws</c> under <see cref="BaseUrl"/> when that is set.</summary>
    public Uri? SocketUrl { get; set; }

    /// <summary>Base address of the platform; null: its own.</summary>
    public Uri? BaseUrl { get; set; }

    /// <summary>How far a callback's timestamp may be from now, both ways. Default 5 min.</summary>
    public TimeSpan CallbackWindow { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Pause between two heartbeats. Default 30 s, as the official client has it; two without an answer end the connection.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest wait for the acknowledgement of a frame. Default 10 s.</summary>
    public TimeSpan AckTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Refusals of id and secret in a row until the connection gives up. Default 5.</summary>
    public int MaxRefusals { get; set; } = 5;

    /// <summary>Handlers at work at once, over the long connection. Default 100.</summary>
    public int MaxInHand { get; set; } = 100;

    /// <summary>Deliveries that may wait for a handler, in the order of arrival; what comes beyond is left with an error in the log, and the platform does not send it again. Default 500.</summary>
    /// <remarks>Reading goes on all the same: the acknowledgements that the handlers at work wait for come over the same socket.</remarks>
    public int MaxWaiting { get; set; } = 500;

    /// <summary>How long handlers may go on, and answer, when the long connection is stopped. Default 10 s.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    internal void Check(bool forSocket)
    {
        var check = new OptionsCheck(nameof(AiBotOptions));
        check.Trimmed(nameof(BotId), BotId);
        check.Trimmed(nameof(Secret), Secret);
        check.Callback(nameof(Token), Token, nameof(EncodingAesKey), EncodingAesKey);
        check.Address(nameof(BaseUrl), BaseUrl);
        check.Address(nameof(SocketUrl), SocketUrl, socket: true);
        check.Time(nameof(CallbackWindow), CallbackWindow);
        check.Time(nameof(HeartbeatInterval), HeartbeatInterval);
        check.Time(nameof(AckTimeout), AckTimeout);
        check.Attempts(nameof(MaxRefusals), MaxRefusals);
        check.Time(nameof(DrainTimeout), DrainTimeout);
        if (MaxInHand < 1) check.Add(nameof(MaxInHand), "must be at least 1.");
        if (MaxWaiting < 0) check.Add(nameof(MaxWaiting), "must not be negative.");
        if (forSocket)
        {
            check.Text(nameof(BotId), BotId, "is missing: the Bot ID of the bot's API mode in the admin console.");
            check.Text(nameof(Secret), Secret ?? "", "is missing: the Secret of the bot's long connection.");
        }
        else if (string.IsNullOrEmpty(Token))
        {
            check.Add(nameof(Token), "is missing: Token and EncodingAESKey of the bot's callback address.");
        }

        if (check.Problems.Count > 0) throw new ArgumentException(string.Join(" ", check.Problems));
    }
}

/// <summary>The platform's limits on AI bots (pages 101031, 101463 of March 2026).</summary>
public static class AiBotLimits
{
    /// <summary>From a message to the end of the stream that answers it. (A page of April 2026 is quoted with 10 minutes: UNVERIFIED.)</summary>
    public static TimeSpan StreamLife { get; } = TimeSpan.FromMinutes(6);

    /// <summary>Bytes of UTF-8 in one answer, stream or Markdown.</summary>
    public const int ContentBytes = 20_480;

    /// <summary>From a message to its last possible answer over the long connection.</summary>
    public static TimeSpan ReplyWindow { get; } = TimeSpan.FromHours(24);

    /// <summary>From an event (entered chat, click) to its answer.</summary>
    public static TimeSpan EventWindow { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Life of a <c>response_url</c>, which is good for one use.</summary>
    public static TimeSpan ResponseUrlLife { get; } = TimeSpan.FromHours(1);

    /// <summary>Messages of one person that may be unanswered at a time (callback mode).</summary>
    public const int OpenInteractions = 3;

    /// <summary>Messages a minute in one conversation, replies and pushes together; 1,000 an hour besides.</summary>
    public const int MessagesPerMinute = 30;

    /// <summary>Least pause between two frames of a stream that keeps below <see cref="MessagesPerMinute"/>.</summary>
    public static TimeSpan FramePause { get; } = TimeSpan.FromSeconds(2.5);
}

/// <summary>Which limit.</summary>
public enum AiBotLimit
{
    /// <summary>The stream is older than <see cref="AiBotLimits.StreamLife"/> (846608): send actively instead.</summary>
    StreamLife,

    /// <summary>More than <see cref="AiBotLimits.ContentBytes"/>.</summary>
    ContentBytes,

    /// <summary>The message is too old to be answered, or not known to the platform on this connection (846605): send actively instead.</summary>
    ReplyWindow,
}

/// <summary>A limit of AI bots is reached. Nothing was sent, or the platform refused it.</summary>
public sealed class AiBotLimitException(AiBotLimit limit, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Which.</summary>
    public AiBotLimit Limit { get; } = limit;
}
