using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Larkspur.Testing;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Api;

/// <summary>The description says what a program needs to know, and the typed client is made from this very one.</summary>
public sealed partial class DescriptionTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Renew = "Renew it: ./larkspur openapi > openapi.json && mv openapi.json src/Larkspur.Client/openapi.json";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task It_is_OpenAPI_3_1_and_the_same_each_time()
    {
        var document = await DocumentAsync();
        Assert.StartsWith("3.1.", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        Assert.Equal(document.GetRawText(), (await DocumentAsync()).GetRawText());
        var paths = document.GetProperty("paths").EnumerateObject().Select(p => p.Name).ToArray();
        Assert.Equal(paths.Order(StringComparer.Ordinal), paths);
    }

    [Fact]
    public async Task Strangers_get_it_small_and_once()
    {
        using var stranger = new HttpClient { BaseAddress = fixture.Gateway.Address };
        var address = new Uri("/openapi/v1.json", UriKind.Relative);
        var pages = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => stranger.GetStringAsync(address, TestContext.Current.CancellationToken)));
        Assert.Single(pages.Distinct());
        using var again = await stranger.GetAsync(address, TestContext.Current.CancellationToken);
        using var known = new HttpRequestMessage(HttpMethod.Get, address);
        known.Headers.IfNoneMatch.Add(again.Headers.ETag!);
        using var unchanged = await stranger.SendAsync(known, TestContext.Current.CancellationToken);
        Assert.Equal(304, (int)unchanged.StatusCode);
        using var packing = new HttpRequestMessage(HttpMethod.Get, address);
        packing.Headers.AcceptEncoding.ParseAdd("gzip");
        using var packed = await stranger.SendAsync(packing, TestContext.Current.CancellationToken);
        Assert.Equal("gzip", packed.Content.Headers.ContentEncoding.Single());
        Assert.True(packed.Content.Headers.ContentLength < pages[0].Length / 5, $"{packed.Content.Headers.ContentLength} of {pages[0].Length}");
        await using var unpacked = new GZipStream(await packed.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress);
        using var text = new StreamReader(unpacked);
        Assert.Equal(pages[0], await text.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>A reader of /docs sees problems as they are answered, not names of types.</summary>
    [Fact]
    public async Task Each_refusal_has_an_example_that_is_a_problem_of_its_status_and_the_words_of_the_catalogue()
    {
        var document = await DocumentAsync();
        var examples = document.GetProperty("components").GetProperty("examples");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var operation in document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject()))
        {
            foreach (var answer in operation.Value.GetProperty("responses").EnumerateObject())
            {
                if (!answer.Value.TryGetProperty("content", out var content)
                    || !content.TryGetProperty("application/problem+json", out var problem)) continue;
                Assert.Equal("#/components/examples/Problem" + answer.Name,
                    problem.GetProperty("examples").GetProperty("usual").GetProperty("$ref").GetString());
                seen.Add(answer.Name);
            }
        }

        Assert.Contains("422", seen);
        Assert.Equal(seen.Order(StringComparer.Ordinal), examples.EnumerateObject().Select(
            e => e.Name["Problem".Length..]).Order(StringComparer.Ordinal));
        foreach (var status in seen)
        {
            var example = examples.GetProperty("Problem" + status).GetProperty("value");
            var word = example.GetProperty("error").GetString()!;
            Assert.Equal(status, example.GetProperty("status").GetRawText());
            Assert.Contains(word, Larkspur.Gateway.Api.ProblemCatalogue.Words);
            Assert.Equal(("urn:larkspur:problem:" + word, Larkspur.Gateway.Api.ProblemCatalogue.Title(word)),
                (example.GetProperty("type").GetString(), example.GetProperty("title").GetString()));
            Assert.True(example.GetProperty("message").GetString()!.Length > 10, example.ToString());
        }

        // As it is really answered.
        using var stranger = new HttpClient { BaseAddress = fixture.Gateway.Address };
        using var refused = await stranger.GetAsync(new Uri("/api/v1/status", UriKind.Relative), TestContext.Current.CancellationToken);
        var told = JsonSerializer.Deserialize<JsonElement>(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.True(JsonElement.DeepEquals(examples.GetProperty("Problem401").GetProperty("value"), told), told.ToString());
    }

    [Fact]
    public async Task The_typed_client_is_made_from_the_description_of_this_gateway()
    {
        var committed = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "src", "Larkspur.Client", "openapi.json"), TestContext.Current.CancellationToken);
        var live = JsonSerializer.Serialize(await DocumentAsync(), Indented);
        var (mine, theirs) = (committed.ReplaceLineEndings("\n").Trim().Split('\n'), live.Split('\n'));
        var first = mine.Zip(theirs).TakeWhile(l => l.First == l.Second).Count();
        Assert.True(first == mine.Length && first == theirs.Length,
            $"src/Larkspur.Client/openapi.json is not of this build, from line {first + 1} on: {mine.ElementAtOrDefault(first)?.Trim()} / {theirs.ElementAtOrDefault(first)?.Trim()}. {Renew}");
    }

    [Fact]
    public async Task Every_operation_has_a_name_a_summary_its_scope_its_answers_and_its_problems()
    {
        var operations = Operations(await DocumentAsync());
        Assert.Equal(operations.Length, operations.Select(o => o.Value.GetProperty("operationId").GetString()).Distinct().Count());
        foreach (var (where, operation) in operations)
        {
            Assert.False(string.IsNullOrWhiteSpace(operation.TryGetProperty("summary", out var summary) ? summary.GetString() : null), $"{where} has no summary");
            Assert.True(operation.TryGetProperty("x-scope", out var scope), $"{where} names no scope");
            Assert.Contains($"`{scope.GetString()}`", operation.GetProperty("description").GetString(), StringComparison.Ordinal);
            var answers = operation.GetProperty("responses").EnumerateObject().ToDictionary(r => r.Name, r => r.Value);
            Assert.Contains(answers.Keys, status => status[0] == '2');
            foreach (var status in (string[])["401", "403", "429", "500", "503"]) Assert.True(answers.ContainsKey(status), $"{where} has no {status}");
            foreach (var (status, answer) in answers)
            {
                Assert.False(string.IsNullOrWhiteSpace(answer.GetProperty("description").GetString()), $"{where} {status}");
                if (status[0] == '2') Assert.True(status == "204" || answer.TryGetProperty("content", out _), $"{where} {status} has no schema");
                else Assert.Equal("#/components/schemas/Problem", answer.GetProperty("content").GetProperty("application/problem+json").GetProperty("schema").GetProperty("$ref").GetString());
            }

            if (operation.TryGetProperty("requestBody", out var body)) Assert.All(body.GetProperty("content").EnumerateObject(), type => Assert.True(type.Value.TryGetProperty("schema", out _), $"{where} {type.Name}"));
        }
    }

    [Fact]
    public async Task Every_reference_leads_somewhere_and_every_step_of_a_path_is_described()
    {
        var document = await DocumentAsync();
        var parts = document.GetProperty("components").EnumerateObject()
            .SelectMany(kind => kind.Value.EnumerateObject().Select(part => $"#/components/{kind.Name}/{part.Name}")).ToHashSet();
        Assert.All(References(document), reference => Assert.Contains(reference, parts));
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            var steps = Step().Matches(path.Name).Select(m => m.Groups[1].Value).Order();
            foreach (var operation in path.Value.EnumerateObject())
            {
                var described = operation.Value.TryGetProperty("parameters", out var parameters)
                    ? parameters.EnumerateArray().Where(p => p.GetProperty("in").GetString() == "path").Select(p => p.GetProperty("name").GetString()!).Order() : (IEnumerable<string>)[];
                Assert.Equal(steps, described);
            }
        }
    }

    [Fact]
    public async Task Calls_that_may_be_repeated_take_the_key_of_the_repeat_and_lists_take_their_pages()
    {
        var operations = Operations(await DocumentAsync()).ToDictionary(o => o.Value.GetProperty("operationId").GetString()!, o => o.Value);
        string[] repeated =
        [
            "SendMessage", "ReplyToMessage", "ForwardMessage", "MergeForwardMessages", "ChangeMessage", "CreateChat", "OpenStream",
            "SendNotification", "RemindOfNotification", "TestNotificationType", "CreatePayment", "RemindPayment",
            "CreateApprovalInstance", "CreateRecords",
        ];
        foreach (var name in repeated)
            Assert.Contains("Idempotency-Key", Parameters(operations[name]));
        foreach (var (name, operation) in operations.Where(o => o.Key.StartsWith("List", StringComparison.Ordinal)))
        {
            var parameters = Parameters(operation);
            // Bounded by what is configured, or by the platform (100 tables, 300 fields), not by what happens: one page.
            if (name is "ListQuota" or "ListSchedules" or "ListCardTemplates" or "ListTables" or "ListFields") continue;
            Assert.True((parameters.Contains("limit") && parameters.Contains("cursor")) || (parameters.Contains("page_size") && parameters.Contains("page_token")) || !parameters.Contains("limit") && parameters.Count == 0, $"{name} has no pages");
        }
    }

    private static HashSet<string> Parameters(JsonElement operation) =>
        operation.TryGetProperty("parameters", out var parameters) ? [.. parameters.EnumerateArray().Select(p => p.GetProperty("name").GetString()!)] : [];

    private static (string Where, JsonElement Value)[] Operations(JsonElement document) =>
        [.. document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(o => ($"{o.Name} {p.Name}", o.Value)))];

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(m => m is { Name: "$ref", Value.ValueKind: JsonValueKind.String } ? [m.Value.GetString()!] : References(m.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };

    /// <summary>Of the endpoints that run, not the one that is served: this is what holds the two together.</summary>
    private Task<JsonElement> DocumentAsync() => fixture.Gateway.DescribeApiAsync(TestContext.Current.CancellationToken);

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Step();
}
