using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Catalogue;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Emulator.Tests;

/// <summary>Walks all endpoints of the catalogue over real HTTP.</summary>
public sealed class CatalogueWalkTests : IAsyncLifetime
{
    private EmulatorApp _emulator = null!;

    public async ValueTask InitializeAsync() => _emulator = await EmulatorApp.StartAsync(s => s with { RateLimitFactor = 0 });

    public ValueTask DisposeAsync() => _emulator.DisposeAsync();

    [Fact]
    public async Task Every_endpoint_refuses_a_call_without_a_token()
    {
        foreach (var endpoint in EndpointCatalogue.Embedded.Endpoints.Where(e => !e.NoAuth))
        {
            var reply = await _emulator.CallAsync(new HttpMethod(endpoint.Method), PathOf(endpoint), null);
            Assert.True(reply is { Status: 400, Code: 99991661 }, $"{endpoint.Id}: {reply.Status} {reply.Code}");
        }
    }

    [Fact]
    public async Task Every_endpoint_that_is_not_played_answers_501_to_a_valid_call_and_never_success()
    {
        var handlers = _emulator.Services.GetRequiredService<ApiHandlers>();
        var tenant = await _emulator.TenantTokenAsync();
        var user = (await _emulator.ControlAsync(HttpMethod.Post, "tokens", new { @as = "alice" }))["user_access_token"]!.GetValue<string>();
        List<string> wrong = [];
        foreach (var endpoint in EndpointCatalogue.Embedded.Endpoints.Where(e => handlers.For(e, out _) is null))
        {
            var token = endpoint.NoAuth ? null : endpoint.Tokens == TokenKinds.User ? user : tenant;
            var reply = await _emulator.CallAsync(new HttpMethod(endpoint.Method), PathOf(endpoint) + QueryOf(endpoint), token, BodyOf(endpoint));
            if (reply is not { Status: 501, Code: ApiPipelineCodes.NotEmulated }) wrong.Add($"{endpoint.Id}: {reply.Status} {reply.Json.ToJsonString()}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(20)) + $"\n{wrong.Count} in all");
    }

    [Fact]
    public async Task Every_endpoint_that_needs_a_field_misses_it()
    {
        var handlers = _emulator.Services.GetRequiredService<ApiHandlers>();
        var tenant = await _emulator.TenantTokenAsync();
        foreach (var endpoint in EndpointCatalogue.Embedded.Endpoints.Where(e => !e.NoAuth && e.Tokens.HasFlag(TokenKinds.Tenant) && e.Query.Concat(e.Body).Any(f => f.Required)))
        {
            handlers.For(endpoint, out var own);
            if (own) continue;
            var reply = await _emulator.CallAsync(new HttpMethod(endpoint.Method), PathOf(endpoint), tenant);
            Assert.True(reply is { Status: 400, Code: 99992402 }, $"{endpoint.Id}: {reply.Status} {reply.Code}");
        }
    }

    private static class ApiPipelineCodes
    {
        public const long NotEmulated = 599_000_501;
    }

    private static string PathOf(ApiEndpoint endpoint)
    {
        var values = endpoint.PathParams.ToDictionary(f => f.Name, Sample);
        return string.Join('/', endpoint.Path.Split('/').Select(s => s.StartsWith('{') ? Uri.EscapeDataString(values.GetValueOrDefault(s[1..^1], "value1")) : s));
    }

    private static string QueryOf(ApiEndpoint endpoint)
    {
        var needed = endpoint.Query.Where(f => f.Required).SelectMany(f => Enumerable.Repeat($"{f.Name}={Uri.EscapeDataString(Sample(f))}", Math.Max(1, f.MinItems ?? 1)));
        return "?" + string.Join('&', needed);
    }

    private static HttpContent? BodyOf(ApiEndpoint endpoint)
    {
        if (endpoint.Body.Length == 0) return null;
        if (endpoint.IsMultipart)
        {
            var form = new MultipartFormDataContent();
            foreach (var field in endpoint.Body.Where(f => f.Required))
            {
                if (field.Type == FieldType.File) form.Add(new ByteArrayContent([1, 2, 3]), field.Name, "a.bin");
                else form.Add(new StringContent(Sample(field)), field.Name);
            }

            if (!form.Any()) form.Add(new StringContent("x"), "unused");
            return form;
        }

        if (endpoint.ContentType.StartsWith("application/x-www-form", StringComparison.Ordinal))
        {
            return new FormUrlEncodedContent(endpoint.Body.Where(f => f.Required).Select(f => KeyValuePair.Create(f.Name, Sample(f))));
        }

        return new StringContent(ObjectOf(endpoint.Body).ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
    }

    private static JsonObject ObjectOf(IEnumerable<Field> fields) =>
        new(fields.Where(f => f.Required).Select(f => KeyValuePair.Create(f.Name, (JsonNode?)NodeOf(f, f.ArrayDepth))));

    private static JsonNode NodeOf(Field field, int depth)
    {
        if (depth > 0)
        {
            var count = depth == field.ArrayDepth ? Math.Max(1, field.MinItems ?? 1) : 1;
            return new JsonArray([.. Enumerable.Range(0, count).Select(_ => (JsonNode?)NodeOf(field, depth - 1))]);
        }

        return field.Type switch
        {
            FieldType.Object => ObjectOf(field.Fields),
            FieldType.Map => new JsonObject(),
            FieldType.Boolean => JsonValue.Create(true),
            FieldType.Int => JsonValue.Create(long.Parse(Sample(field))),
            FieldType.Number => JsonValue.Create(double.Parse(Sample(field))),
            _ => JsonValue.Create(Sample(field)),
        };
    }

    private static string Sample(Field field)
    {
        if (field.Enum.Length > 0) return field.Enum[0];
        if (field.Type is FieldType.Int or FieldType.Number) return ((long)Math.Max(field.Min ?? 1, Math.Min(field.Max ?? 1, 1))).ToString();
        if (field.Type == FieldType.Boolean) return "true";
        var text = new string('1', Math.Max(field.MinLength ?? 1, Math.Min(10, field.MaxLength ?? 10)));
        return field.Pattern is { } pattern && !pattern.IsMatch(text) ? Samples.FirstOrDefault(s => pattern.IsMatch(s)) ?? throw new InvalidOperationException($"No sample for {field.Name}: {pattern}") : text;
    }

    private static readonly string[] Samples = ["1", "abc", "ABC", "a", "2026-01-01", "2026-01-01 00:00:00", "2026-01", "1.00", "0.5", "cli_a1b2c3d4e5f60718", "CN", "zh_cn", "#FFFFFF", "abcdefghij1234567890", "10:00", "name@mica.example", "https://x.example/a", "message_1", "run_1", "session_1"];
}
