using System.CommandLine;
using System.Text.Json;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Notifications;

/// <summary><c>larkspur notifications resolve</c>, <c>remind</c> and <c>recall</c>.</summary>
internal static class NotificationActionCommands
{
    public static Verb Resolve()
    {
        var id = Named.Argument("id", "The notification; without it, --subject.");
        id.Arity = ArgumentArity.ZeroOrOne;
        var subject = new Option<string?>("--subject") { Description = "All notifications of this business object." };
        var type = new Option<string?>("--event") { Description = "With --subject: only those of this type." };
        var status = new Option<string>("--status") { Description = "The colour of the head.", Required = true };
        status.AcceptOnlyFromAmong("success", "danger", "warning", "info", "progress", "closed", "neutral");
        var text = new Option<string?>("--text") { Description = "What the cards say, in English or in both languages." };
        var chinese = new Option<string?>("--text-zh") { Description = "What they say in Chinese." };
        var by = new Option<string?>("--by") { Description = "Who did it." };
        var at = PointInTime.Option("--at", "When; default: now.");
        var verb = new Verb("resolve", "Say on the cards how it ended; they ask for nothing any more.",
            "larkspur notifications resolve --subject PR-1 --status closed --text \"Withdrawn in the ERP\" --text-zh 已在ERP中撤销 --by Alice", "larkspur notifications resolve nt5b0c… --status success --text Paid")
        {
            id, subject, type, status, text, chinese, by, at,
        };
        verb.Validators.Add(result =>
        {
            if (result.GetResult(id) is { Tokens.Count: > 0 } == result.GetResult(subject) is not null) result.AddError("Name a notification, or --subject.");
            if (result.GetResult(type) is not null && result.GetResult(subject) is null) result.AddError("--event goes with --subject.");
            if (result.GetResult(text) is null && result.GetResult(chinese) is null) result.AddError("Say what the cards say: --text, --text-zh.");
        });
        return verb.Asks(async call =>
        {
            var said = call.Get(text) is { } english && call.Get(chinese) is { } zh
                ? JsonSerializer.SerializeToElement(new { zh, en = english })
                : JsonSerializer.SerializeToElement(call.Get(text) ?? call.Get(chinese));
            if (call.Get(subject) is not { } matter)
            {
                var one = new ResolveNotification { Status = call.Get(status)!, By = call.Get(by), At = call.Get(at), Text = said };
                var done = await call.AskAsync((client, limited) => client.Notifications.ResolveAsync(call.Get(id), one, limited));
                NotificationPrint.Changed(call, done, "Resolved");
                return ExitCodes.Done;
            }

            var resolved = new ResolveSubject
            {
                Subject = matter, Event = call.Get(type), Status = call.Get(status)!, By = call.Get(by), At = call.Get(at), Text = said,
            };
            var all = await call.AskAsync((client, limited) => client.Notifications.ResolveSubjectAsync(resolved, limited));
            if (call.Json) JsonOut.Write(all);
            else foreach (var changed in all.Items) NotificationPrint.Changed(call, changed, "Resolved");
            if (all.Pending > 0) Fail.Say(Words.AreChinese ? $"另有 {all.Pending} 条稍后处理" : $"{all.Pending} more are resolved within the next moments");
            return ExitCodes.Done;
        });
    }

    public static Verb Remind()
    {
        var notification = NotificationNamed.Argument();
        var urgent = new Option<bool>("--urgent") { Description = "Push the card to the front (the app needs im:message.urgent); else a short answer below it." };
        var key = new RepeatKey();
        return new Verb("remind", "Nudge those who have not decided, once in five minutes.", "larkspur notifications remind nt5b0c…",
            "larkspur notifications remind nt5b0c… --urgent") { notification, urgent, key.Option }.Asks(async call =>
        {
            var id = await NotificationNamed.IdAsync(call, notification);
            var reminder = call.Get(urgent) ? new RemindOfNotification { Urgent = true } : null;
            NotificationPrint.Changed(call,
                await key.OnceAsync(call, name =>
                call.AskAsync((client, limited) => client.Notifications.RemindOfAsync(id, reminder, name, limited))), "Reminded");
            return ExitCodes.Done;
        });
    }

    public static Verb Recall()
    {
        var notification = NotificationNamed.Argument();
        return new Verb("recall", "Take a notification's cards back.", "larkspur notifications recall nt5b0c…") { notification }
            .Asks(async call =>
        {
            var id = await NotificationNamed.IdAsync(call, notification);
            NotificationPrint.Changed(call, await call.AskAsync((client, limited) => client.Notifications.RecallAsync(id, limited)),
                "Recalled");
            return ExitCodes.Done;
        });
    }
}
