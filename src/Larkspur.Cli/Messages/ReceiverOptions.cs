using System.CommandLine;
using System.Text.Json.Nodes;

namespace Larkspur.Cli.Messages;

/// <summary>Who gets a message: one of these.</summary>
internal sealed class ReceiverOptions
{
    private readonly Option<string?> _chat = new("--chat") { Description = "A chat: oc_…" };
    private readonly Option<string?> _person = new("--person") { Description = "A person: open id ou_…, union id on_…, or the company's user id." };
    private readonly Option<string?> _email = new("--email") { Description = "A person by their work mail address." };

    private readonly Option<string?> _robot = new("--robot")
    {
        Description = "A group robot by its name here: says --text, --markdown and --card-message.",
    };

    /// <param name="command">The verb.</param>
    /// <param name="robots">A group robot is one.</param>
    public void AddTo(Command command, bool robots = false)
    {
        Option[] all = robots ? [_chat, _person, _email, _robot] : [_chat, _person, _email];
        foreach (var option in all) command.Add(option);
        command.Validators.Add(result =>
        {
            if (all.Count(o => result.GetResult(o) is not null) != 1)
                result.AddError($"Say who gets it: one of {string.Join(", ", all.Select(o => o.Name))}.");
        });
    }

    /// <summary>As the API has it.</summary>
    public JsonObject Read(ParseResult parsed)
    {
        if (parsed.GetValue(_chat) is { } chat) return new JsonObject { ["chat_id"] = chat };
        if (parsed.GetResult(_robot) is not null && parsed.GetValue(_robot) is { } robot) return new JsonObject { ["robot"] = robot };
        if (parsed.GetValue(_email) is { } email) return new JsonObject { ["email"] = email };
        var person = parsed.GetValue(_person)!;
        // A user id is anything without a prefix of the platform's; what has another kind's goes as an open id, and is refused as such.
        var kind = person switch
        {
            _ when person.StartsWith("on_", StringComparison.Ordinal) => "union_id",
            _ when ((string[])["ou_", "oc_", "om_", "cli_"]).Any(p => person.StartsWith(p, StringComparison.Ordinal)) => "open_id",
            _ => "user_id",
        };
        return new JsonObject { [kind] = person };
    }
}
