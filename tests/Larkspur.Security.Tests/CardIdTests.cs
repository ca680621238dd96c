using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.DataProtection;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Cards;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larkspur.Security.Tests;

/// <summary>Ids that stand behind buttons and in addresses: nobody computes them, and the same request has the same one in every process.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class CardIdTests
{
    private const string Model = """{"title":"Wire transfer","actions":[{"id":"approve","label":"Approve"}]}""";

    [Fact]
    public async Task An_id_cannot_be_computed_and_a_repeated_request_has_it_again_also_in_another_process()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        var folder = Directory.CreateTempSubdirectory("larkspur-card-ids-").FullName;
        try
        {
            var (first, card) = await SendAsync(emulator, folder);
            // What everybody knows of the request: the app, the key, the words.
            foreach (var key in (string[])["wire-1", "1\nwire-1"]) Assert.DoesNotContain(Guess(key)[2..], card, StringComparison.Ordinal);
            var (again, same) = await SendAsync(emulator, folder);
            Assert.Equal((first, card), (again, same));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Two_gateways_on_one_database_agree()
    {
        Assert.SkipUnless(GatewayApp.IsPostgres, "A file has one gateway.");
        await using var emulator = await EmulatorApp.StartAsync();
        await using var first = await GatewayApp.StartAsync(emulator.BaseUrl.ToString());
        await using var second = await GatewayApp.StartAsync(emulator.BaseUrl.ToString(), dataFolder: first.DataFolder);
        var calls = Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? first : second).PostRestAsync("/messages?wait=20", Body, "wire-1"));
        var answers = await Task.WhenAll(calls);
        Assert.All(answers, a => Assert.True(a.Status is 200 or 202, a.ToString()));
        Assert.Single(answers.Select(a => a.Id).Distinct());
    }

    [Fact]
    public async Task A_secret_is_made_once_by_many_at_the_same_time_and_kept_encrypted()
    {
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1");
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => await Process(gateway).GetAsync("test", CancellationToken.None)));
        Assert.All(all, secret => Assert.Equal(all[0], secret));
        Assert.Equal(32, all[0].Length);
        Assert.NotEqual(all[0], await Process(gateway).GetAsync("another", CancellationToken.None));
        var stored = await gateway.Services.GetRequiredService<IDatabase>()
            .ReadAsync(sql => sql.QueryAsync("SELECT value FROM shared_secret WHERE name = 'test'", r => r.GetString(0)), TestContext.Current.CancellationToken);
        var bytes = Convert.FromBase64String(stored.Single());
        Assert.DoesNotContain(Convert.ToHexString(all[0]), Convert.ToHexString(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_whose_key_ring_is_lost_is_replaced_by_one_that_all_processes_take()
    {
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1");
        var database = gateway.Services.GetRequiredService<IDatabase>();
        await database.TransactAsync(async unit => await unit.ExecuteAsync(
            "INSERT INTO shared_secret (name, value, created_at) VALUES ('test', 'CfDJ8AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 0)"), TestContext.Current.CancellationToken);
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ => await Process(gateway).GetAsync("test", CancellationToken.None)));
        Assert.All(all, secret => Assert.Equal(all[0], secret));
    }

    [Fact]
    public async Task A_stream_of_a_business_system_has_an_id_that_its_key_does_not_tell()
    {
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1");
        var opened = await gateway.PostRestAsync("/streams", new { to = new { type = "user_id", id = "bob" } }, "report-1");
        Assert.Equal(201, opened.Status);
        var (canteen, _) = await gateway.MakeKeyAsync("canteen", ["messages:write"]);
        var guess = "st_" + Convert.ToHexStringLower(SHA256.HashData("default\napi report-1\n0"u8).AsSpan(0, 16));
        Assert.NotEqual(guess, opened.Text("id"));
        Assert.Equal(404, (await gateway.CallAsync(canteen, HttpMethod.Post, "/streams/" + guess, new { append = "Fire in the house" })).Status);
        var again = await gateway.PostRestAsync("/streams", new { to = new { type = "user_id", id = "bob" } }, "report-1");
        Assert.Equal((200, opened.Text("id")), (again.Status, again.Text("id")));
    }

    [Fact]
    public async Task A_request_from_before_ids_were_secret_is_known_when_it_is_repeated()
    {
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1");
        var first = await gateway.PostRestAsync("/messages", Body, "wire-1");
        Assert.Equal(202, first.Status);
        // As the gateway of then had stored it.
        await gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit =>
        {
            await unit.ExecuteAsync("UPDATE outbox SET content = replace(content, (SELECT id FROM card_message), $1)", Guess("wire-1"));
            return await unit.ExecuteAsync("UPDATE card_message SET id = $1", Guess("wire-1"));
        }, TestContext.Current.CancellationToken);
        var again = await gateway.PostRestAsync("/messages", Body, "wire-1");
        Assert.Equal((202, first.Id), (again.Status, again.Id));
        Assert.Equal(409, (await gateway.PostRestAsync("/messages", Body.Replace("Wire", "Hire", StringComparison.Ordinal), "wire-1")).Status);
    }

    /// <summary>The id that ids once were: anybody can make it who knows the request.</summary>
    private static string Guess(string key) =>
        "cm" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"default\n{key}\n{Model}")).AsSpan(0, 12));

    private static string Body => """{"to":{"user_id":"bob"},"card_message":$M}""".Replace("$M", Model, StringComparison.Ordinal);

    private static async Task<(string Message, string Card)> SendAsync(EmulatorApp emulator, string folder)
    {
        await using var gateway = await GatewayApp.StartAsync(emulator.BaseUrl.ToString(), dataFolder: folder);
        var sent = await gateway.PostRestAsync("/messages?wait=20", Body, "wire-1");
        Assert.True(sent.Status == 200, sent.ToString());
        var messages = (await emulator.StateAsync())["messages"]!.AsArray();
        var message = messages.Single(m => m!["message_id"]!.GetValue<string>() == sent.Text("message_id"))!;
        var value = CardFixture.Values(JsonSerializer.Deserialize<JsonElement>(message["rendered"]!.GetValue<string>()))["approve"];
        return (sent.Text("message_id")!, value.GetProperty("card").GetString()!);
    }

    /// <summary>What another process on the same database has.</summary>
    private static SharedSecrets Process(GatewayApp gateway) => new(
        gateway.Services.GetRequiredService<IDatabase>(), gateway.Services.GetRequiredService<IDataProtectionProvider>(),
        TimeProvider.System, gateway.Services.GetRequiredService<ILogger<SharedSecrets>>());
}
