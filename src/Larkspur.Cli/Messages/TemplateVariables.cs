using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Cli.Calls;

namespace Larkspur.Cli.Messages;

/// <summary>Variables as they stand on the command line: <c>name=text</c>, <c>name:=JSON</c>.</summary>
internal static class TemplateVariables
{
    public static bool IsOne(string variable) => variable.IndexOf('=', StringComparison.Ordinal) is var at && at > 0 && (variable[at - 1] != ':' || at > 1);

    /// <exception cref="CallFailure">A value is not JSON, or a name is there twice.</exception>
    public static JsonObject Read(string[] variables)
    {
        var values = new JsonObject();
        foreach (var variable in variables)
        {
            var at = variable.IndexOf('=', StringComparison.Ordinal);
            var json = variable[at - 1] == ':';
            var name = variable[..(json ? at - 1 : at)];
            if (values.ContainsKey(name)) throw new CallFailure(ExitCodes.Usage, $"the variable \"{name}\" is given twice.");
            values[name] = json ? Parse(name, variable[(at + 1)..]) : JsonValue.Create(variable[(at + 1)..]);
        }

        return values;
    }

    private static JsonNode? Parse(string name, string json)
    {
        try
        {
            return JsonNode.Parse(json);
        }
        catch (JsonException)
        {
            throw new CallFailure(ExitCodes.Usage, $"the value of \"{name}\" is not JSON; name=text takes it as a text.");
        }
    }
}
