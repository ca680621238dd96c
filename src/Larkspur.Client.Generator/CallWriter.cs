using System;
using System.Collections.Generic;
using System.Linq;
using Larkspur.Feishu.ApiGenerator.Facts;
using Larkspur.Feishu.ApiGenerator.Writing;

namespace Larkspur.Client.Generator;

/// <summary>Writes a class for each first step of the paths, with a method for each operation below it.</summary>
/// <remarks>Left out: operations whose bodies or answers are neither JSON nor plain bytes sent (forms), and answers that are files.</remarks>
internal sealed class CallWriter(JsonValue document, RecordWriter records)
{
    private const string Root = "/api/v1/";
    private const string Cancellation = "global::System.Threading.CancellationToken cancellation = default";

    public string Write()
    {
        var code = GeneratedFile.Begin();
        var groups = Operations().GroupBy(o => o.Group, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        code.Open("public sealed partial class LarkspurClient");
        foreach (var group in groups) code.Summary($"Calls under {Root}{group.First().Step}.").Line($"public {group.Key}Calls {group.Key} {{ get; private set; }} = null!;").Line();
        code.Open("private partial void CreateGroups()");
        foreach (var group in groups) code.Line($"{group.Key} = new {group.Key}Calls(this);");
        code.Close().Close().Line();
        foreach (var group in groups) Write(code, group.Key, group.ToList());
        return code.ToString();
    }

    private IEnumerable<Operation> Operations()
    {
        foreach (var path in document["paths"]?.Members ?? throw new FormatException("There are no paths."))
        {
            if (!path.Key.StartsWith(Root, StringComparison.Ordinal)) continue;
            var step = path.Key.Substring(Root.Length).Split('/')[0];
            foreach (var operation in path.Value.Members)
            {
                if (operation.Value["operationId"]?.Text is not { Length: > 0 } id) throw new FormatException($"{operation.Key} {path.Key} has no operationId.");
                yield return new Operation(Names.Pascal(step), step, path.Key, operation.Key.ToUpperInvariant(), Names.Pascal(id), operation.Value);
            }
        }
    }

    private void Write(Code code, string group, List<Operation> operations)
    {
        var names = operations.GroupBy(o => Names.WithoutGroup(o.Id, group), StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        code.Summary($"Calls under {Root}{operations[0].Step}.").Open($"public sealed class {group}Calls");
        code.Line("private readonly LarkspurClient _client;").Line();
        code.Line($"internal {group}Calls(LarkspurClient client) => _client = client;").Line();
        foreach (var operation in operations)
        {
            var brief = Names.WithoutGroup(operation.Id, group);
            // Two that would be called the same keep their whole names.
            Write(code, operation, names[brief] == 1 ? brief : operation.Id);
        }

        code.Close().Line();
    }

    private void Write(Code code, Operation operation, string name)
    {
        if (!Answer(operation, out var answer) || !Body(operation, out var body, out var bodyNeeded)) return;
        var parameters = (operation.Value["parameters"]?.Items ?? Array.Empty<JsonValue>()).Select(p => new Parameter(p, records, operation.Id)).ToList();
        List<string> signature = [.. parameters.Where(p => p.In == "path").Select(p => $"{p.Type} {p.Name}")];
        if (body is not null && bodyNeeded) signature.Add($"{body} body");
        if (body is not null && !bodyNeeded) signature.Add($"{body}? body = null");
        signature.AddRange(parameters.Where(p => p.In == "header").Concat(parameters.Where(p => p.In == "query")).Select(p => $"{p.Type}? {p.Name} = null"));
        signature.Add(Cancellation);

        code.Summary(operation.Value["summary"]?.Text);
        code.Doc("remarks", "", operation.Value["description"]?.Text);
        foreach (var parameter in parameters) code.Doc("param", $" name=\"{parameter.Name.TrimStart('@')}\"", parameter.Description);
        code.Line("/// <exception cref=\"LarkspurProblemException\">The gateway refused, or failed.</exception>");
        var result = answer is null ? "global::System.Threading.Tasks.Task" : $"global::System.Threading.Tasks.Task<{answer}>";
        code.Open($"public {result} {name}Async({string.Join(", ", signature)})");
        code.Line($"var call = new LarkspurCall({Code.Literal(operation.Method)}, {PathOf(operation, parameters)});");
        foreach (var parameter in parameters.Where(p => p.In == "query")) code.Line($"call.Query({Code.Literal(parameter.Wire)}, {parameter.Name});");
        foreach (var parameter in parameters.Where(p => p.In == "header")) code.Line($"call.Header({Code.Literal(parameter.Wire)}, {parameter.Name});");
        if (body == Bytes) code.Line("call.Bytes(body);");
        else if (body is not null) code.Line("call.Json(body);");
        code.Line(answer is null ? "return _client.CallAsync(call, cancellation);" : $"return _client.CallAsync<{answer}>(call, cancellation);");
        code.Close().Line();
    }

    private static string PathOf(Operation operation, List<Parameter> parameters)
    {
        var path = Code.Literal(operation.Path.Substring(1));
        foreach (var parameter in parameters.Where(p => p.In == "path")) path = path.Replace("{" + parameter.Wire + "}", $"\" + LarkspurCall.Step({parameter.Name}) + \"");
        return path;
    }

    private const string Bytes = "global::System.IO.Stream";

    /// <summary>The type of the first good answer; null: it has no body. False: it is no JSON.</summary>
    private bool Answer(Operation operation, out string? type)
    {
        type = null;
        foreach (var answer in (operation.Value["responses"]?.Members ?? throw new FormatException($"{operation.Id} has no answers.")).Where(a => a.Key[0] == '2'))
        {
            if (answer.Value["content"] is not { Members.Count: > 0 } content) continue;
            if (content["application/json"]?["schema"] is not { } schema) return false;
            var found = records.TypeOf(schema, operation.Id + "Answer", out _);
            if (type is not null && type != found) throw new NotSupportedException($"{operation.Id}, which has two kinds of good answers");
            type = found;
        }

        return true;
    }

    private bool Body(Operation operation, out string? type, out bool needed)
    {
        type = null;
        needed = operation.Value["requestBody"]?["required"]?.IsTrue == true;
        if (operation.Value["requestBody"]?["content"] is not { Members.Count: > 0 } content) return true;
        if (content["application/json"]?["schema"] is { } schema) type = records.TypeOf(schema, operation.Id + "Body", out _);
        else if (content["application/octet-stream"] is not null) type = Bytes;
        return type is not null;
    }

    private sealed class Operation(string group, string step, string path, string method, string id, JsonValue value)
    {
        public string Group { get; } = group;

        public string Step { get; } = step;

        public string Path { get; } = path;

        public string Method { get; } = method;

        public string Id { get; } = id;

        public JsonValue Value { get; } = value;
    }

    private sealed class Parameter(JsonValue value, RecordWriter records, string operation)
    {
        public string Wire { get; } = value["name"]?.Text ?? throw new FormatException($"A parameter of {operation} has no name.");

        public string Name { get; } = NameOf(value["name"]!.Text);

        public string In { get; } = value["in"]?.Text ?? "query";

        public string Type { get; } = value["schema"] is { } schema ? records.TypeOf(schema, operation + Names.Pascal(value["name"]!.Text), out _) : "string";

        public string? Description { get; } = value["description"]?.Text;

        // The names that every method has already.
        private static string NameOf(string wire) => Names.Camel(wire) is var name && name is "body" or "call" or "cancellation" ? Names.Camel(wire) + "Value" : Names.Camel(wire);
    }
}
