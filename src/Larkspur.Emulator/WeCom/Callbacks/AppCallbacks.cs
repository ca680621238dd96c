using Larkspur.Emulator.WeCom.Chats;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Callbacks;

/// <summary>How the application took a callback.</summary>
/// <param name="Status">HTTP status of the last attempt; 0 without an answer.</param>
/// <param name="Verdict">In words.</param>
/// <param name="Body">The last answer as it stood on the wire.</param>
internal sealed record CallbackOutcome(int Status, string Verdict, string Body)
{
    public bool Taken => Status == StatusCodes.Status200OK;

    /// <summary>It arrived, and what came back could not be used.</summary>
    public bool IsAnsweredBadly { get; init; }

    /// <summary>The decrypted answer, when there was one.</summary>
    public string? Reply { get; init; }
}

/// <summary>Carries the application's messages and events to its callback address: encrypted, signed, three times at most.</summary>
internal sealed class AppCallbacks(EmulatorState state, EmulatorSettings settings, WeComCorp corp, WeComIds ids, CallbackSender sender, PassiveReplies replies)
{
    public const int Attempts = 3;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CheckDeadline = TimeSpan.FromSeconds(1);

    private CallbackCrypt Crypt => new(settings.WeCom.Token, settings.WeCom.EncodingAesKey, settings.WeCom.CorpId);

    /// <param name="callback">What happened.</param>
    /// <param name="url">The address; <see langword="null"/>: the application's.</param>
    /// <param name="encrypt">What no platform does, for tests of a receiver: the XML goes out as it is.</param>
    /// <param name="attempts">How often it is tried.</param>
    public async Task<CallbackOutcome> DeliverAsync(AppCallback callback, string? url = null, bool encrypt = true, int attempts = Attempts, CancellationToken cancellationToken = default)
    {
        url ??= corp.CallbackUrl;
        if (url.Length == 0) return new CallbackOutcome(0, "no callback address is set", "");
        var told = callback with { From = state.Person(callback.From)?.PresentUserId ?? callback.From };
        var plain = told.Plain(settings.WeCom.CorpId, settings.WeCom.AgentId);
        for (var attempt = 1; ; attempt++)
        {
            var began = state.Inspector.NextNumber();
            var (query, body) = Wrap(plain, encrypt);
            var address = With(url, query);
            var result = await sender.SendAsync(address, body, "text/xml", Deadline, cancellationToken);
            var outcome = OutcomeOf(callback, result);
            var last = outcome.Taken || attempt >= attempts;
            state.Inspector.Add(new PushAttempt
            {
                Headers = [KeyValuePair.Create("Content-Type", "text/xml")],
                Platform = WeComPlatform.PlatformName,
                Number = state.Inspector.NextNumber(), Began = began, Time = state.Clock.GetUtcNow(), AppId = $"{settings.WeCom.AgentId}", Url = address, EventType = callback.Type, EventId = callback.Id,
                Attempt = attempt, PlainBody = WeComRedaction.Body(plain), EncryptedBody = encrypt ? body : "", Status = result.Status, ResponseBody = outcome.Reply is { } reply ? $"{result.Body}\n\n{reply}" : result.Body,
                Milliseconds = result.Milliseconds, Verdict = outcome.Verdict, NextAttempt = last ? null : state.Clock.GetUtcNow(),
            });
            if (last) return outcome;
        }
    }

    /// <summary>Asks an address whether it is the application's, as the console does before it takes it: one GET, one second.</summary>
    /// <returns>In words, what is wrong; <see langword="null"/> when the right text came back.</returns>
    public Task<string?> CheckAsync(string url, CancellationToken cancellationToken) => CheckAsync(url, Crypt, $"{settings.WeCom.AgentId}", cancellationToken);

    /// <inheritdoc cref="CheckAsync(string, CancellationToken)"/>
    public async Task<string?> CheckAsync(string url, CallbackCrypt crypt, string appId, CancellationToken cancellationToken)
    {
        var word = ids.Number();
        var echo = crypt.Encrypt(word, ids.Bytes(16));
        var (timestamp, nonce) = (Timestamp(), ids.Nonce());
        var address = With(url, $"msg_signature={crypt.Sign(timestamp, nonce, echo)}&timestamp={timestamp}&nonce={nonce}&echostr={Uri.EscapeDataString(echo)}");
        var result = await sender.SendAsync(address, null, "", CheckDeadline, cancellationToken);
        var why = result switch
        {
            { Failure: DeliveryFailure.Timeout } => "The address did not answer within 1 s.",
            { Failure: not DeliveryFailure.None } => $"The address cannot be reached ({result.Failure}).",
            { Status: not StatusCodes.Status200OK } => $"The check was answered with status {result.Status}, not 200.",
            _ => result.Body == word ? null : "The answer is not the decrypted echostr and nothing else.",
        };
        state.Inspector.Add(new PushAttempt
        {
            Platform = WeComPlatform.PlatformName,
            Number = state.Inspector.NextNumber(), Time = state.Clock.GetUtcNow(), AppId = appId, Url = address, EventType = "url_verification", EventId = "", Attempt = 1,
            PlainBody = word, EncryptedBody = echo, Status = result.Status, ResponseBody = result.Body, Milliseconds = result.Milliseconds, Verdict = why ?? "the address is verified",
        });
        return why;
    }

    public static string With(string url, string query) => url + (url.Contains('?', StringComparison.Ordinal) ? '&' : '?') + query;

    /// <summary>Real time, also when the virtual clock was advanced: the receiver has a clock of its own.</summary>
    public string Timestamp() => settings.RealTime.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);

    private (string Query, string Body) Wrap(string plain, bool encrypt)
    {
        var (timestamp, nonce) = (Timestamp(), ids.Nonce());
        if (!encrypt) return ($"timestamp={timestamp}&nonce={nonce}", plain);
        var crypt = Crypt;
        var encrypted = crypt.Encrypt(plain, ids.Bytes(16));
        var body = new CallbackXml().Text("ToUserName", settings.WeCom.CorpId).Text("AgentID", $"{settings.WeCom.AgentId}").Text("Encrypt", encrypted).ToString();
        return ($"msg_signature={crypt.Sign(timestamp, nonce, encrypted)}&timestamp={timestamp}&nonce={nonce}", body);
    }

    private CallbackOutcome OutcomeOf(AppCallback callback, DeliveryResult result)
    {
        if (result.Failure != DeliveryFailure.None) return new CallbackOutcome(0, $"no answer: {result.Failure}", "");
        if (result.Status != StatusCodes.Status200OK) return new CallbackOutcome(result.Status, $"answered {result.Status}, not 200", result.Body);
        if (result.Body.Trim() is "" or "success") return new CallbackOutcome(result.Status, "accepted", result.Body);
        try
        {
            var reply = PassiveReply.Open(result.Body, Crypt);
            return new CallbackOutcome(result.Status, replies.Apply(callback, reply), result.Body) { Reply = reply.Xml };
        }
        catch (BadCallbackException bad)
        {
            return new CallbackOutcome(result.Status, $"accepted, but its answer is not understood: {bad.Number} {bad.Message}", result.Body) { IsAnsweredBadly = true };
        }
        catch (WeComRefusal refusal)
        {
            return new CallbackOutcome(result.Status, $"accepted, but its answer is not shown: {refusal.Code} {refusal.Message}", result.Body) { IsAnsweredBadly = true };
        }
    }
}
