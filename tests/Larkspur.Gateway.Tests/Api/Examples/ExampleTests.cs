using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Api.Examples;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Api.Examples;

/// <summary>Each operation of the REST API has an example in the description, and each example does what it shows.</summary>
public sealed class ExampleTests
{
    public static TheoryData<string> Groups => [.. ApiExamples.Read().Select(example => example.Group).Distinct()];

    [Fact]
    public void Every_operation_has_an_example_of_its_body_and_of_its_path_in_the_file_of_its_group()
    {
        var examples = ApiExamples.Read().ToDictionary(example => example.Operation);
        List<string> wrong = [];
        foreach (var operation in Operations())
        {
            var name = operation.GetProperty("operationId").GetString()!;
            var words = operation.GetProperty("tags")[0].GetString()!.Split(' ');
            var file = string.Concat(words.Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
            if (!examples.TryGetValue(name, out var example))
            {
                wrong.Add($"{name} has no example: write one into src/Larkspur.Gateway/Api/Examples/{file}.json.");
                continue;
            }

            if (example.Group != file) wrong.Add($"The example of {name} belongs into {file}.json.");
            foreach (var parameter in operation.TryGetProperty("parameters", out var all) ? all.EnumerateArray() : [])
            {
                if (parameter.GetProperty("in").ValueEquals("path") && !parameter.TryGetProperty("example", out _))
                    wrong.Add($"The example of {name} says nothing for {{{parameter.GetProperty("name").GetString()}}}.");
            }

            if (operation.TryGetProperty("requestBody", out var body)
                && body.GetProperty("content").TryGetProperty("application/json", out var json) && !json.TryGetProperty("example", out _))
                wrong.Add($"The example of {name} has no body.");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public async Task Every_example_can_be_sent_and_is_answered_as_it_shows(string group)
    {
        await using var gateway = await ExampleGateway.StartAsync();
        var run = new ExampleRun(gateway, Description());
        List<string> wrong = [];
        foreach (var example in ApiExamples.Read().Where(example => example.Group == group))
        {
            if (ExampleSteps.Before.TryGetValue(example.Operation, out var step)) await step(run);
            var answer = await run.SendAsync(example, ExampleSteps.Files.GetValueOrDefault(example.Operation));
            if (WrongWith(run, example, answer) is { } why) wrong.Add($"{example.Operation} {why}\n  {answer}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static string? WrongWith(ExampleRun run, ApiExample example, RestAnswer answer)
    {
        if (answer.Status is < 200 or > 299) return "is refused";
        if (example.Status is not { } status) return null;
        if (status != answer.Status) return $"is answered {answer.Status} instead of {status}";
        var differences = run.Compare(example.Answer!, JsonNode.Parse(answer.Bytes));
        return differences.Count == 0 ? null : "is answered otherwise than its example shows: " + string.Join("; ", differences);
    }

    private static JsonElement Description() =>
        JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(Path.Combine(Repository.Root, "src", "Larkspur.Client", "openapi.json")));

    private static IEnumerable<JsonElement> Operations() =>
        Description().GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject())
            .Select(operation => operation.Value);
}
