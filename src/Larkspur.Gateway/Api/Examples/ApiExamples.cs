using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Larkspur.Gateway.Api.Examples;

/// <summary>
/// The description's examples: a file for each group of operations, in it the operations in an order in which whatever one names was
/// made by one before it. Tests send each of them, in that order.
/// </summary>
internal static class ApiExamples
{
    private const string Folder = "Larkspur.Gateway.Api.Examples.";

    /// <summary>All examples, group by group, in the order in which they can be sent.</summary>
    /// <exception cref="InvalidOperationException">A file holds something that is no example.</exception>
    public static IReadOnlyList<ApiExample> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var files = assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal));
        return [.. files.Order(StringComparer.Ordinal).SelectMany(file =>
        {
            using var stream = assembly.GetManifestResourceStream(file)!;
            var group = file[Folder.Length..^".json".Length];
            return JsonNode.Parse(stream)!.AsObject().Select(example => One(group, example.Key, example.Value!.AsObject())).ToArray();
        })];
    }

    /// <summary>Puts the examples into the description.</summary>
    /// <exception cref="InvalidOperationException">An example is of an operation, a parameter or an answer that there is not.</exception>
    public static void Set(OpenApiDocument document)
    {
        var operations = document.Paths.Values.SelectMany(path => path.Operations?.Values.AsEnumerable() ?? [])
            .ToDictionary(operation => operation.OperationId!);
        foreach (var example in Read())
        {
            if (!operations.TryGetValue(example.Operation, out var operation)) throw Wrong(example, "there is no such operation");
            Set(operation, example);
        }
    }

    private static void Set(OpenApiOperation operation, ApiExample example)
    {
        foreach (var (name, value) in example.Parameters)
        {
            var parameter = operation.Parameters?.OfType<OpenApiParameter>().FirstOrDefault(p => p.Name == name)
                ?? throw Wrong(example, $"it has no parameter {name}");
            parameter.Example = value!.DeepClone();
        }

        if (example.Body is { } body) Json(operation.RequestBody?.Content, example, "body").Example = body.DeepClone();
        if (example.Status is { } status)
        {
            var answer = operation.Responses?.GetValueOrDefault(status.ToString(CultureInfo.InvariantCulture));
            Json(answer?.Content, example, $"answer {status}").Example = example.Answer!.DeepClone();
        }
    }

    private static OpenApiMediaType Json(IDictionary<string, OpenApiMediaType>? content, ApiExample example, string what) =>
        content?.TryGetValue("application/json", out var type) == true ? type : throw Wrong(example, $"it has no JSON {what}");

    private static ApiExample One(string group, string operation, JsonObject given)
    {
        var (parameters, body, answers) = (given["parameters"]?.AsObject() ?? [], given["body"], given["answers"]?.AsObject());
        int? status = answers?.Single().Key is { } key ? int.Parse(key, CultureInfo.InvariantCulture) : null;
        var example = new ApiExample(group, operation, parameters, body, status, answers?.Single().Value);
        return given.FirstOrDefault(member => member.Key is not ("parameters" or "body" or "answers")).Key is { } other
            ? throw Wrong(example, $"{other} is no part of an example") : example;
    }

    private static InvalidOperationException Wrong(ApiExample example, string why) =>
        new($"The example of {example.Operation} in {example.Group}.json: {why}.");
}
