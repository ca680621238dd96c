using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;

namespace Larkspur.Emulator.WeCom.Approvals;

/// <summary>What people do with requests in the client, and what the administrator sets for a form.</summary>
internal sealed class ApprovalActions(WeComCorp corp, ApprovalEngine engine, ProcessReader process)
{
    public const string SetApprovers = "set_approvers";
    private const int MostCharacters = 2000;

    public static readonly IReadOnlyDictionary<string, string[]> Members = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["approve"] = ["sp_no", "text"],
        ["reject"] = ["sp_no", "text"],
        ["transfer"] = ["sp_no", "to", "text"],
        ["withdraw"] = ["sp_no"],
        ["urge"] = ["sp_no"],
        ["comment"] = ["sp_no", "text"],
    };

    /// <returns>The request after the action; the application hears of it behind.</returns>
    /// <exception cref="ControlRefusal">The client does not offer it.</exception>
    public JsonObject Run(string what, Person person, ControlInput input)
    {
        var (number, text) = (input.Need("sp_no"), what == "comment" ? input.Need("text") : input.Text("text") ?? "");
        if (text.Length > MostCharacters) throw new ControlRefusal($"\"text\" has at most {MostCharacters} characters.");
        var after = what switch
        {
            "approve" => engine.Decide(number, person.UserId, agree: true, text),
            "reject" => engine.Decide(number, person.UserId, agree: false, text),
            "transfer" => engine.Transfer(number, person.UserId, Member(input.Need("to")), text),
            "withdraw" => engine.Withdraw(number, person.UserId),
            "urge" => engine.Urge(number, person.UserId),
            _ => engine.Comment(number, person.UserId, text),
        };
        return new JsonObject { ["ok"] = true, ["sp_no"] = after.SpNo, ["sp_status"] = (int)after.Status, ["deciders"] = new JsonArray([.. after.Deciders.Select(d => (JsonNode?)d)]) };
    }

    /// <summary><c>{"do":"set_approvers","template_id":"…","approvers":[["bob"],["carol","alice"]]}</c>: one node a list, of whom any one decides.</summary>
    public void Set(ControlInput input)
    {
        var template = engine.Template(input.Need("template_id")) ?? throw new ControlRefusal("There is no such template.");
        if (input.Body["approvers"] is not JsonArray { Count: > 0 and <= 20 } lists || lists.Any(l => l is not JsonArray { Count: > 0 and <= 20 })) throw new ControlRefusal("\"approvers\" is a list of lists of userids.");
        engine.Put(template with { Nodes = process.OfLists(lists.Select(l => (IReadOnlyList<string>)[.. l!.AsArray().Select(u => Member(u?.ToString() ?? ""))])) });
    }

    private string Member(string userId) => corp.Member(userId)?.UserId ?? throw new ControlRefusal($"There is no member {userId}.");
}
