using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Hosting;
using Larkspur.Gateway.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace Larkspur.Cli.Description;

/// <summary><c>larkspur openapi</c>: the description of the REST API, as the typed client is made from it.</summary>
internal static class OpenApiCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var command = new Command("openapi", "Print the OpenAPI description of the REST API of this version. The typed client is made from it.");
        var verbs = new Option<bool>("--verbs") { Description = "Instead of it, which verb does what each of its operations does: JSON." };
        command.Add(verbs);
        command.SetAction((parsed, cancellation) =>
            Verb.RunAsync(() => parsed.GetValue(verbs) ? Verbs() : RunAsync(cancellation), cancellation));
        return command;
    }

    private static Task<int> Verbs()
    {
        Console.Out.WriteLine(JsonSerializer.Serialize(VerbsOfOperations.All.ToDictionary(v => v.Key, v => "larkspur " + v.Value),
            Indented));
        return Task.FromResult(ExitCodes.Done);
    }

    private static async Task<int> RunAsync(CancellationToken cancellation)
    {
        // A gateway of its own, with nothing in it: what is described is this build, not whatever runs here.
        var folder = Directory.CreateTempSubdirectory("larkspur-openapi-").FullName;
        try
        {
            await using var gateway = GatewayHost.Build([], builder => builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["LARKSPUR_GATEWAY_URLS"] = "http://127.0.0.1:0", ["LARKSPUR_DATA"] = folder, ["LARKSPUR_DB"] = "", ["Logging:LogLevel:Default"] = "Error",
                ["Larkspur:Gaps:Enabled"] = "false",
                ["LARKSPUR_MASTER_KEY"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), ["LARKSPUR_MASTER_KEY_FILE"] = "",
            }));
            await gateway.StartAsync(cancellation);
            var document = await gateway.DescribeApiAsync(cancellation);
            Console.Out.WriteLine(JsonSerializer.Serialize(document, Indented));
            await gateway.StopAsync(CancellationToken.None);
            return ExitCodes.Done;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
