using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Messages;

/// <summary>How a message goes, and what is told of it.</summary>
internal sealed class DeliveryOptions
{
    /// <summary>Seconds that one call may wait.</summary>
    private const int LongestWait = 20;

    private readonly Option<string?> _key = new("--key") { Description = "A name for this message: said again under it, nothing more is sent." };
    private readonly Option<bool> _wait = new("--wait") { Description = "Wait until it is sent or given up." };
    private readonly Option<int> _timeout = new("--timeout") { Description = "With --wait: seconds.", DefaultValueFactory = _ => 60 };
    private readonly Option<bool> _bulk = new("--bulk") { Description = "It can wait for what is more urgent." };
    private readonly Option<bool> _noFallback = new("--no-fallback") { Description = "When the platform refuses the card, do not send its facts as text." };
    private readonly Option<string?> _app = GatewayOptions.App();

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_key, _wait, _timeout, _bulk, _noFallback, _app]) command.Add(option);
        _timeout.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var seconds) && seconds is < 1 or > 86_400)
                result.AddError("--timeout is 1 to 86400 seconds.");
        });
    }

    public string? App(ParseResult parsed) => parsed.GetValue(_app);

    /// <summary>Queues the message, waits for it if that is asked for, and tells what became of it.</summary>
    /// <param name="call">The verb's run.</param>
    /// <param name="body">What is said, without what this class knows.</param>
    /// <param name="send">Sends the whole body.</param>
    public async Task<int> SendAsync<T>(VerbCall call, JsonObject body, Func<LarkspurClient, T, CancellationToken,
        Task<MessageAnswer>> send)
    {
        var parsed = call.Parsed;
        // Also without a name of the caller's: an answer that was lost can be asked for again.
        var key = parsed.GetValue(_key) ?? "cli-" + Guid.NewGuid().ToString("N");
        body["key"] = key;
        if (parsed.GetValue(_app) is { } app) body["app"] = app;
        if (parsed.GetValue(_bulk)) body["priority"] = "bulk";
        if (parsed.GetValue(_noFallback)) body["fallback"] = false;
        var whole = body.Deserialize<T>()!;
        MessageAnswer message;
        try
        {
            message = await call.Gateway.AskAsync((client, cancellation) => send(client, whole, cancellation), call.Cancellation);
        }
        catch (CallFailure e) when (e is { MayPass: true, ExitCode: ExitCodes.NoAnswer })
        {
            throw new CallFailure(e.ExitCode, $"{e.Message}\n  If it was queued all the same: with --key {key} it is not sent twice.");
        }

        if (parsed.GetValue(_wait)) message = await WaitAsync(call, message, TimeSpan.FromSeconds(parsed.GetValue(_timeout)));
        if (call.Json) JsonOut.Write(message);
        return Outcome(call, message, parsed.GetValue(_wait));
    }

    private static async Task<MessageAnswer> WaitAsync(VerbCall call, MessageAnswer message, TimeSpan most)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (message is { State: "queued", Id: { } id })
        {
            var left = (int)Math.Ceiling((most - TimeProvider.System.GetElapsedTime(began)).TotalSeconds);
            if (left <= 0) break;
            message = await call.Gateway.AskAsync((client, cancellation) => client.Messages.GetQueuedAsync(id, Math.Min(left, LongestWait), cancellation), call.Cancellation);
        }

        return message;
    }

    private static int Outcome(VerbCall call, MessageAnswer message, bool waited)
    {
        var why = message.Failure is { } failure
            ? $"{(Words.AreChinese ? failure.MessageZh : failure.Message)} ({string.Join("; ", new[] { failure.Reason, failure.Code?.ToString(CultureInfo.InvariantCulture), failure.Detail }.Where(t => t is { Length: > 0 }))})"
            : "";
        switch (message.State)
        {
            case "sent":
                Say($"{(message.Operation == "edit" ? "Changed" : "Sent")}: {message.MessageId}");
                return ExitCodes.Done;
            case "degraded":
                Say($"Sent as text: {message.MessageId}");
                Fail.Say("the platform refused the card: " + why);
                return ExitCodes.Done;
            case "queued" when waited:
                Fail.Say($"not sent in time, message {message.Id} is still queued{(why.Length > 0 ? "; its last attempt: " + why : ".")}");
                return ExitCodes.NoAnswer;
            case "queued":
                Say($"Queued: message {message.Id}, reference {message.Reference}");
                return ExitCodes.Done;
            case var state:
                Fail.Say($"message {message.Id} is {state}{(why.Length > 0 ? ": " + why : ".")}");
                return ExitCodes.Refused;
        }

        void Say(string sentence)
        {
            if (!call.Json) Console.Out.WriteLine(Printable.Line(sentence));
        }
    }
}
