using System.Diagnostics;
using System.Globalization;
using System.Text;
using Larkspur.Testing;
using Larkspur.Webhooks;

namespace Larkspur.Gateway.Tests.Webhooks;

/// <summary>The programs of docs/webhooks.md, as they stand there, tell a webhook of the gateway's from others.</summary>
public sealed class RecipeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-recipe-").FullName;

    private const string Body = """{"type":"approval.decided","data":{"title":"笔记本电脑 12 台"}}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("### Python", "python", "verify.py", "python3")]
    [InlineData("### Node without a library", "javascript", "verify.js", "node")]
    [InlineData("### Java", "java", "Verify.java", "java")]
    [InlineData("### Go", "go", "verify.go", "go", "run")]
    [InlineData("### PHP", "php", "verify.php", "php")]
    [InlineData("### Shell, to try one by hand", "sh", "verify.sh", "sh")]
    public async Task A_recipe_takes_the_gateways_and_nothing_else(string heading, string language, string file, params string[] command)
    {
        // Java runs a source file where it has its compiler.
        var needed = command[0] == "java" ? "javac" : command[0];
        if (!Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, needed))))
        {
            // The tests need Node themselves; a shell and Python are wherever they run.
            Assert.True(needed is "go" or "php" or "javac", $"{needed} is missing");
            Assert.Skip($"{needed} is not installed");
        }

        await File.WriteAllTextAsync(Path.Combine(_folder, file), Snippet(await ManualAsync(), heading, language), Cancel);
        var (secret, other) = (WebhookSecret.Generate(), WebhookSecret.Generate());
        var now = DateTimeOffset.UtcNow;
        var right = Sign(secret, "msg_1", now, Body);
        Assert.Equal(0, await RunAsync("msg_1", now, right, Body));
        // While a secret is being replaced there are two.
        Assert.Equal(0, await RunAsync("msg_1", now, $"{Sign(other, "msg_1", now, Body)} {right}", Body));
        Assert.NotEqual(0, await RunAsync("msg_1", now, Sign(other, "msg_1", now, Body), Body));
        Assert.NotEqual(0, await RunAsync("msg_2", now, right, Body));
        Assert.NotEqual(0, await RunAsync("msg_1", now, right, Body + " "));
        Assert.NotEqual(0, await RunAsync("msg_1", now, "", Body));
        Assert.NotEqual(0, await RunAsync("msg_1", now, right.Replace("v1,", "v2,", StringComparison.Ordinal), Body));
        foreach (var minutes in (int[])[-6, 6])
        {
            var then = now.AddMinutes(minutes);
            Assert.NotEqual(0, await RunAsync("msg_1", then, Sign(secret, "msg_1", then, Body), Body));
        }

        Task<int> RunAsync(string id, DateTimeOffset at, string signatures, string body) =>
            ExitCodeAsync(_folder, [.. command, file, id, Seconds(at), signatures], secret, body);
    }

    [Fact]
    public async Task A_delivery_made_by_hand_is_taken()
    {
        await using var business = await WebhookReceiver.StartAsync();
        var secret = business.Secret;
        var manual = await ManualAsync();
        var snippet = manual[manual.IndexOf("A delivery for it:", StringComparison.Ordinal)..].Split("```sh\n")[1].Split("```")[0];
        await File.WriteAllTextAsync(Path.Combine(_folder, "send.sh"), $"RECEIVER={business.Url}\n{snippet}", Cancel);
        Assert.Equal(0, await ExitCodeAsync(_folder, ["sh", "send.sh"], secret, ""));
        Assert.Equal(WebhookVerdict.Valid, business.Judge(Assert.Single(business.Calls)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Sign(string secret, string id, DateTimeOffset at, string body) =>
        WebhookSignature.Sign(id, at, Encoding.UTF8.GetBytes(body), WebhookSecret.Parse(secret));

    private static string Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static Task<string> ManualAsync() => File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "webhooks.md"), Cancel);

    private static string Snippet(string manual, string heading, string language) =>
        manual[manual.IndexOf(heading + "\n", StringComparison.Ordinal)..].Split($"```{language}\n")[1].Split("```")[0];

    private static async Task<int> ExitCodeAsync(string folder, string[] command, string secret, string body)
    {
        var start = new ProcessStartInfo(command[0])
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var argument in command[1..]) start.ArgumentList.Add(argument);
        start.Environment["LARKSPUR_WEBHOOK_SECRET"] = secret;
        using var process = Process.Start(start)!;
        var (said, failed) = (process.StandardOutput.ReadToEndAsync(Cancel), process.StandardError.ReadToEndAsync(Cancel));
        try
        {
            await process.StandardInput.WriteAsync(body);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // One that refuses by the headers alone reads no body.
        }

        await process.WaitForExitAsync(Cancel);
        await Task.WhenAll(said, failed);
        return process.ExitCode;
    }
}
