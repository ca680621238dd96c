using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Larkspur.Gateway.Api.Examples;

/// <summary>
/// What refusals look like, in the description: one for each status, made as the gateway makes its answers, from the catalogue. Where
/// they stand there a reader of
/// <c>/docs</c> sees a problem, and not the names of types.
/// </summary>
internal static class ProblemExamples
{
    /// <summary>What is refused most with a status, where that is not the status's own word.</summary>
    private static readonly Dictionary<int, Problem> Usual = new()
    {
        [400] = Problem.Of(400, "unknown_field", "There is no field \"txet\" here.") with { Pointer = "/txet" },
        [403] = Problem.Of(403, "missing_scope") with { Scope = ApiScopes.MessagesWrite },
        [409] = Problem.Of(409, "key_in_use", "The key was used for another body."),
        [412] = Problem.Of(412, "changed_meanwhile", "It has version 8 by now. Read it again."),
        [422] = Problem.Of(422, "wrong_id_type", "A chat_id begins with oc_.") with { Pointer = "/to/chat_id" },
        [429] = Problem.Of(429, "key_rate_limited"),
        [500] = Problem.Of(500, "internal") with { TraceId = "4bf92f3577b34da6a3ce929d0e0e4736" },
        [502] = Problem.Of(502, "platform_failed", "The platform could not do it.") with { Code = 230049, LogId =
            "202604011402000102030405060708A9B0" },
        [504] = Problem.Of(504, "platform_timed_out", "The platform did not answer in time.") with { EffectUnknown = true },
    };

    /// <summary>Puts them into the description, each once.</summary>
    public static void Set(OpenApiDocument document)
    {
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations?.Values.AsEnumerable() ?? []))
        {
            foreach (var (status, answer) in operation.Responses ?? [])
            {
                if (answer.Content?.TryGetValue(Problem.ContentType, out var problem) != true
                    || !int.TryParse(status, CultureInfo.InvariantCulture, out var number)) continue;
                var name = "Problem" + status;
                document.Components ??= new OpenApiComponents();
                document.Components.Examples ??= new SortedDictionary<string, IOpenApiExample>(StringComparer.Ordinal);
                document.Components.Examples.TryAdd(name, new OpenApiExample { Value = JsonOf(number) });
                problem!.Examples = new Dictionary<string, IOpenApiExample> { ["usual"] = new OpenApiExampleReference(name, document) };
            }
        }
    }

    private static JsonNode JsonOf(int status)
    {
        var problem = Usual.GetValueOrDefault(status) ?? Problem.Of(status, ProblemCatalogue.WordOf(status));
        return JsonNode.Parse(Problems.Write(problem))!;
    }
}
