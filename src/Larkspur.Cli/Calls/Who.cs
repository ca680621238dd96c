using System.Text.Json.Nodes;

namespace Larkspur.Cli.Calls;

/// <summary>People as they are named on the command line.</summary>
internal static class Who
{
    public const string Help = "a mail address, ou_…, on_…, +86…, mobile:NUMBER, employee:NUMBER, or the company's user id";

    private static readonly Dictionary<string, string> Kinds = new(StringComparer.Ordinal)
    {
        ["email"] = "email", ["mobile"] = "mobile", ["employee"] = "employee_no", ["user"] = "user_id", ["open"] = "open_id", ["union"] = "union_id",
        ["department"] = "department_id", ["role"] = "role_id", ["chat"] = "chat_id",
    };

    private static readonly HashSet<string> OfMany = new(["department_id", "role_id", "chat_id"], StringComparer.Ordinal);

    /// <summary>The API's member for it, and its value.</summary>
    public static (string Member, string Value) Read(string who)
    {
        var colon = who.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && Kinds.TryGetValue(who[..colon], out var member)) return (member, who[(colon + 1)..]);
        return who switch
        {
            _ when who.Contains('@', StringComparison.Ordinal) => ("email", who),
            ['+', >= '0' and <= '9', ..] => ("mobile", who),
            _ when who.StartsWith("ou_", StringComparison.Ordinal) => ("open_id", who),
            _ when who.StartsWith("on_", StringComparison.Ordinal) => ("union_id", who),
            _ when who.StartsWith("oc_", StringComparison.Ordinal) => ("chat_id", who),
            _ when who.StartsWith("od-", StringComparison.Ordinal) => ("department_id", who),
            _ => ("user_id", who),
        };
    }

    /// <summary>A person, a department, a role, or a chat.</summary>
    public static JsonObject Recipient(string who)
    {
        var (member, value) = Read(who);
        return value.Length > 0 ? new JsonObject { [member] = value } : throw new CallFailure(ExitCodes.Usage, $"\"{who}\" names nobody.");
    }

    /// <exception cref="CallFailure">It names no single person.</exception>
    public static JsonObject Person(string who) => OfMany.Contains(Read(who).Member) ? throw new CallFailure(ExitCodes.Usage, $"\"{who}\" is no person. A person is {Help}.") : Recipient(who);

    /// <summary>An approver, for a certain step where it says so: <c>step=who</c>.</summary>
    public static JsonObject Approver(string who)
    {
        var equals = who.IndexOf('=', StringComparison.Ordinal);
        var person = Person(who[(equals + 1)..]);
        if (equals > 0) person["node"] = who[..equals];
        return person;
    }

    public static JsonArray All(IEnumerable<string> people, Func<string, JsonObject> read) => new([.. people.Select(p => (JsonNode)read(p))]);
}
