using Larkspur.Emulator.DingTalk;
using Larkspur.Emulator.State;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Identities;

/// <summary>The emulated company with a division above the department of Alice and Bob; Carol is in none of it. Rules are about the division.</summary>
internal static class DividedCompany
{
    public const string Division = "od-operations-division";

    /// <summary>What those are told whom a rule denies it, and those of whom it is not known.</summary>
    public const string Refused = "you are not permitted to use this assistant", Unknown = "cannot tell at the moment";

    /// <summary>As WeCom numbers it: after the two departments that are there from the beginning.</summary>
    public const string OnWeCom = "4";

    public static void Divide(this EmulatorApp emulator)
    {
        emulator.State.Put(new Department { OpenDepartmentId = Division, DepartmentId = "operations", Name = "运营中心", EnName = "Operations" });
        emulator.State.Put(emulator.State.Departments.Single(d => d.OpenDepartmentId == SeededCompany.PurchasingDepartment) with { ParentOpenDepartmentId = Division });
    }

    /// <summary>The division's number on DingTalk, asked of the emulated DingTalk itself.</summary>
    public static async Task<string> OnDingTalkAsync(this EmulatorApp emulator, DingTalkSettings app)
    {
        var token = (await emulator.CallAsync(HttpMethod.Get, $"/gettoken?appkey={app.ClientId}&appsecret={app.ClientSecret}", null)).Json["access_token"]!.GetValue<string>();
        var below = await emulator.CallAsync(HttpMethod.Post, $"/topapi/v2/department/listsub?access_token={token}", null, new { dept_id = 1 });
        return below.Json["result"]!.AsArray().Single(d => d!["name"]!.GetValue<string>() == "运营中心")!["dept_id"]!.ToString();
    }

    /// <summary>Nobody of the department may use the assistant; with <c>allow</c> nobody else.</summary>
    public static async Task RuleAsync(this GatewayApp gateway, string department, string effect = "deny")
    {
        var answer = await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/permissions/rules",
            new { name = effect + "-division", feature = "assistant", effect, who = new { departments = new[] { department } } });
        Assert.True(answer.Status == 201, answer.ToString());
    }
}
