using System.Text.Json;
using Larkspur.Emulator.State.Tables;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Tables;

/// <summary>A gateway beside the emulated platform, whose base the purchase department's system may use.</summary>
internal sealed class TableFixture : EmulatedGateway
{
    public const string Base = "ledger";
    public const string Token = SeededTables.Ledger;

    private TableFixture(EmulatedGatewaySetup setup, (EmulatorApp, GatewayApp) running) : base(setup, running)
    {
    }

    /// <summary>The base's orders, as an address under <c>/api/v1</c>.</summary>
    public static string Orders => $"/tables/bases/{Base}/tables/{SeededTables.Orders}";

    public static async Task<TableFixture> StartAsync(bool open = true)
    {
        var setup = new EmulatedGatewaySetup { Listens = false, Platform = s => s with { RateLimitFactor = 0 } };
        var made = new TableFixture(setup, await setup.StartAsync());
        if (open) await made.OpenAsync(Base, Token);
        return made;
    }

    /// <summary>Opens a base as an administrator.</summary>
    public async Task OpenAsync(string name, string token, string? system = null)
    {
        var put = await Gateway.RestAsync(HttpMethod.Put, "/tables/bases/" + name,
            system is null ? new { token } : new { token, system });
        Assert.True(put.Status == 201, put.ToString());
    }

    /// <summary>A base that people made and shared with no app.</summary>
    public async Task<string> MakeUnsharedAsync(string by = "alice")
    {
        var answer = await Emulator.CallAsync(HttpMethod.Post, "/open-apis/bitable/v1/apps", await PersonTokenAsync(by),
            new { name = "私房账" });
        return answer.Data["app"]!["app_token"]!.GetValue<string>();
    }

    /// <summary>A token with which a person calls the platform themselves.</summary>
    public async Task<string> PersonTokenAsync(string person)
    {
        var given = await Emulator.ControlAsync(HttpMethod.Post, "tokens", new { @as = person });
        return given["user_access_token"]!.GetValue<string>();
    }

    /// <summary>A table of fields of every type that can be made, in the ledger.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> MakeTableAsync(string name, params object[] fields)
    {
        var token = await Emulator.TenantTokenAsync();
        var path = $"/open-apis/bitable/v1/apps/{Token}/tables";
        var made = await Emulator.CallAsync(HttpMethod.Post, path, token, new { table = new { name, fields } });
        return made.Data["table_id"]!.GetValue<string>();
    }

    /// <summary>One more field of a table.</summary>
    public async Task AddFieldAsync(string table, object field)
    {
        var path = $"/open-apis/bitable/v1/apps/{Token}/tables/{table}/fields";
        var made = await Emulator.CallAsync(HttpMethod.Post, path, await Emulator.TenantTokenAsync(), field);
        Assert.Equal(0, made.Code);
    }

    /// <summary>Records as the gateway answers them.</summary>
    public async Task<JsonElement[]> RecordsAsync(string table, string query = "")
    {
        var answer = await Gateway.GetRestAsync($"/tables/bases/{Base}/tables/{table}/records?limit=500{query}");
        Assert.True(answer.Status == 200, answer.ToString());
        return answer.Items;
    }
}
