using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Authorizations;

/// <summary><c>larkspur authorizations call</c>.</summary>
internal static class AuthorizationCallVerb
{
    public static Verb Create()
    {
        var id = AuthorizationsCommand.Id();
        var endpoint = new Argument<string>("endpoint")
        {
            Description = "What is called, by its id in Feishu's catalogue, like calendar.v4.calendar.list.",
        };
        var path = Values("--path", "A value of the path: name=value");
        var query = Values("--query", "A value of the query: name=value; the same name again makes a list");
        var body = new Option<string?>("--body") { Description = "The body: JSON, or @FILE; @- is the input." };
        return new Verb("call",
            "Call the platform in the person's own name, and print what it answers as JSON; --json prints the log id too.",
            "larkspur authorizations call au_… calendar.v4.calendar.list --query page_size=50",
            "larkspur authorizations call au_… calendar.v4.calendar.event.create --path calendar_id=… --body @event.json")
        {
            id, endpoint, path, query, body,
        }.Asks(async call =>
        {
            var sent = new JsonObject { ["endpoint"] = call.Get(endpoint) };
            if (Members(call.Get(path)) is { } inPath) sent["path"] = inPath;
            if (Members(call.Get(query)) is { } inQuery) sent["query"] = inQuery;
            if (call.Get(body) is { } given) sent["body"] = await BodyAsync(given, call.Cancellation);
            var wish = sent.Deserialize<CallInName>()!;
            var answer = await call.AskAsync((client, limited) => client.Authorizations.CallInNameAsync(call.Get(id), wish, limited));
            if (call.Json) JsonOut.Write(answer);
            else Console.Out.WriteLine(Printable.Lines(JsonOut.Indented(answer.Data)));
            return ExitCodes.Done;
        });
    }

    private static Option<string[]> Values(string name, string what)
    {
        var option = new Option<string[]>(name)
        {
            Description = what + ". May be given several times.", AllowMultipleArgumentsPerToken = false,
        };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(t => t.Value.IndexOf('=', StringComparison.Ordinal) < 1))
                result.AddError($"\"{token.Value}\" is no value for {name}. Write it like name=value.");
        });
        return option;
    }

    /// <summary>Values by their names; null: none was given.</summary>
    private static JsonObject? Members(string[]? values)
    {
        if (values is not { Length: > 0 }) return null;
        var byName = values.Select(v => v.Split('=', 2)).GroupBy(v => v[0], v => v[1], StringComparer.Ordinal);
        return new JsonObject(byName.Select(named => KeyValuePair.Create(named.Key, (JsonNode?)(named.Count() == 1 ? named.First()
            : new JsonArray([.. named.Select(value => (JsonNode)value)])))));
    }

    private static async Task<JsonNode?> BodyAsync(string given, CancellationToken cancellation)
    {
        if (given.StartsWith('@')) return await InputFile.JsonAsync(given[1..], cancellation);
        try
        {
            return JsonNode.Parse(given);
        }
        catch (JsonException)
        {
            throw new CallFailure(ExitCodes.Usage, "--body is not JSON; a file is named by @FILE.");
        }
    }
}
