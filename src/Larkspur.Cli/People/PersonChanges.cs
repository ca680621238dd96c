using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.People;

/// <summary><c>larkspur people disable</c>, <c>enable</c>, <c>merge</c>, <c>unlink</c> and <c>refresh</c>.</summary>
internal static class PersonChanges
{
    public static Verb Disable()
    {
        var who = PersonNamed.Argument();
        return new Verb("disable", "Shut a person out of bot, web chat, cards, console and keys.", "larkspur people disable bob@mica.example") { who }
            .Asks(async call =>
        {
            var id = await PersonNamed.IdAsync(call, call.Get(who));
            var person = await call.AskAsync((client, limited) => client.People.DisableAsync(id, limited));
            return AnswerView.Say(call, person, $"Disabled: {person.Id}, {person.Name}");
        });
    }

    public static Verb Enable()
    {
        var who = PersonNamed.Argument();
        return new Verb("enable", "Let a person in again.", "larkspur people enable bob@mica.example") { who }.Asks(async call =>
        {
            var id = await PersonNamed.IdAsync(call, call.Get(who));
            var person = await call.AskAsync((client, limited) => client.People.EnableAsync(id, limited));
            return AnswerView.Say(call, person, $"Enabled: {person.Id}, {person.Name}");
        });
    }

    public static Verb Merge()
    {
        var who = PersonNamed.Argument();
        var other = new Option<string>("--from") { Description = "Who becomes part of them.", Required = true };
        return new Verb("merge", "Two who are one person become one; people unlink undoes it.",
            "larkspur people merge pe_1… --from pe_2…") { who, other }.Asks(async call =>
        {
            var (id, from) = (await PersonNamed.IdAsync(call, call.Get(who)), await PersonNamed.IdAsync(call, call.Get(other)!));
            var person = await call.AskAsync((client, limited) => client.People.MergeAsync(id, new MergePeople { From = from }, limited));
            return AnswerView.Say(call, person, $"Merged: {person.Id}, {person.Name}, {person.Accounts.Count} accounts");
        });
    }

    public static Verb Unlink()
    {
        var who = PersonNamed.Argument();
        var account = new Option<long?>("--account") { Description = "An account that is not theirs, by its number." };
        var join = new Option<string?>("--join") { Description = "A join that was wrong, by its id." };
        var verb = new Verb("unlink", "Part what is not one person: an account, or what was joined.",
            "larkspur people unlink pe_… --account 12", "larkspur people unlink pe_… --join j_…") { who, account, join };
        verb.Validators.Add(result =>
        {
            if (result.GetResult(account) is null == result.GetResult(join) is null) result.AddError(
                "Say what is parted: --account, or --join.");
        });
        return verb.Asks(async call =>
        {
            var id = await PersonNamed.IdAsync(call, call.Get(who));
            var parted = new UnlinkAccount { Account = call.Get(account), Join = call.Get(join) };
            var answer = await call.AskAsync((client, limited) => client.People.UnlinkAsync(id, parted, limited));
            return AnswerView.Say(call, answer, $"Parted: {answer.Unlinked.Id} is apart from {answer.Person.Id}");
        });
    }

    public static Verb Refresh() =>
        new Verb("refresh", "Have what was looked up of people forgotten, so that it is asked for anew.", "larkspur people refresh")
        .Asks(async call =>
        AnswerView.Say(call, await call.Gateway.CallAsync(HttpMethod.Post, "people/refresh", null, call.Cancellation),
            "Looked up anew from now on."));
}
