using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Commands.Registered;

/// <summary>Tells people that a system has not answered yet: nobody who wrote a command is met by silence.</summary>
internal sealed partial class CallReminders(IDatabase database, CallStore calls, ReplySender replies, TimeProvider clock,
    ILogger<CallReminders> logger)
    : IScheduledJob
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private const int Batch = 100;

    public async Task<string?> RunAsync(CancellationToken cancellation)
    {
        var told = 0;
        foreach (var call in await database.ReadAsync(sql => calls.OverdueAsync(sql, clock.GetUtcNow(), Batch), cancellation))
        {
            if (await database.TransactAsync(unit => TellAsync(unit, call), cancellation)) told++;
        }

        return told == 0 ? null : $"told {told} people that their command has no answer yet";
    }

    private async ValueTask<bool> TellAsync(IUnitOfWork unit, StoredCall call)
    {
        if (!await calls.RemindedAsync(unit, call.Id)) return false;
        CallUnanswered(call.Owner, call.Id, call.Command, call.Reference);
        if (!replies.Has(call.Platform)) return false;
        var words = BotTexts.CommandUnanswered("/" + call.Command, call.Reference).In(Languages.FromTag(call.Locale) ?? Language.Chinese);
        await replies.SayAsync(unit, call.Platform, call.App, call.Reply, UnifiedResponse.Text(words), $"command {call.Id} unanswered",
            call.Reference);
        return true;
    }

    [LoggerMessage(LogLevel.Warning, "The system {System} has not answered call {Call} of /{Command} in time, reference {Reference}")]
    private partial void CallUnanswered(string system, string call, string command, string reference);
}
