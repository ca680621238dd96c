using System.Net.Http.Json;
using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

public sealed class RobotsPageTests(ChromiumFixture chromium)
{
    private const string AuditorsPassword = "quiet-meadow-lantern-4";
    private const string FeishuToken = "0f7c1a52-6d3e-4b88-9a51-2c4e8d90b613";
    private const string FeishuSecret = "emulator-hook-secret";

    [Theory]
    [InlineData("zh", ColorScheme.Dark, 390)]
    [InlineData("en", ColorScheme.Light, 1280)]
    public async Task A_robot_is_added_tested_changed_switched_and_deleted_and_its_address_is_never_shown(string language, ColorScheme theme, int width)
    {
        var chinese = language == "zh";
        await using var fixture = await ConsoleFixture.StartAsync(chromium, platform => new Dictionary<string, string?> { ["WECOM_BASE_URL"] = platform.ToString() });
        var page = await fixture.LogInAsync(language: language, theme: theme, width: width, height: width == 390 ? 844 : 800, path: "/console/robots");
        await Expect(page.Locator(".lk-empty")).ToBeVisibleAsync();
        await PictureAsync("empty");

        await Press("添加群机器人", "Add a group robot").First.ClickAsync();
        await FillAsync("name", "ops");
        await FillAsync("address", "https://example.com/open-apis/bot/v2/hook/" + FeishuToken);
        await FillAsync("secret", "another-secret-of-a-robot");
        await FillAsync("description", chinese ? "机房告警" : "Alarms of the data centre");
        await FillAsync("system", "erp");
        await PictureAsync("form");
        await page.Locator(".lk-form button[type=submit]").ClickAsync();
        await Expect(page.Locator(".lk-toasts")).ToContainTextAsync("open.feishu.cn/open-apis/bot/v2/hook");
        // On a phone the message stands before the form's end.
        await page.Locator(".lk-toasts button").First.ClickAsync();
        await FillAsync("address", new Uri(fixture.Emulator.BaseUrl, "/open-apis/bot/v2/hook/" + FeishuToken).ToString());
        await page.Locator(".lk-form button[type=submit]").ClickAsync();
        var robot = page.Locator("[data-robot=ops]");
        await Expect(robot.Locator("[data-address]")).ToContainTextAsync("b613");
        await Expect(robot).ToContainTextAsync("erp");

        await In("测试", "Test").ClickAsync();
        await Expect(robot.Locator("[data-test=failed]")).ToContainTextAsync(chinese ? "签名未通过" : "signature was not accepted");
        await Expect(robot.Locator("[data-failure=robot_sign]")).ToBeVisibleAsync();
        await PictureAsync("failed");

        await In("修改", "Change").ClickAsync();
        await Expect(robot.Locator("input[name=address]")).ToHaveValueAsync("");
        await Expect(robot.Locator("input[name=secret]")).ToHaveValueAsync("");
        await Expect(robot.Locator("input[name=system]")).ToHaveValueAsync("erp");
        await robot.Locator("input[name=secret]").FillAsync(FeishuSecret);
        await PictureAsync("change");
        await robot.Locator("button[type=submit]").ClickAsync();
        await Expect(robot.Locator("input[name=secret]")).ToHaveCountAsync(0);
        await In("测试", "Test").ClickAsync();
        await Expect(robot.Locator("[data-test=delivered]")).ToBeVisibleAsync();
        await Expect(robot.Locator(".lk-state")).ToHaveTextAsync(chinese ? "正常" : "Working");

        await In("停用", "Disable").ClickAsync();
        await Expect(robot.Locator(".lk-state")).ToHaveTextAsync(chinese ? "已停用" : "Off");
        // On a phone what was said stands over the buttons, for as long as the pointer rests on it.
        await page.EvaluateAsync("document.querySelectorAll('.lk-toasts button').forEach(button => button.click())");
        await In("启用", "Enable").ClickAsync();
        await Expect(robot.Locator(".lk-state")).ToHaveTextAsync(chinese ? "正常" : "Working");

        // A second one, of a platform that signs nothing.
        await Press("添加群机器人", "Add a group robot").First.ClickAsync();
        await page.Locator(".lk-form select[name=platform]").SelectOptionAsync("wecom");
        await Expect(page.Locator(".lk-form input[name=secret]")).ToHaveCountAsync(0);
        await page.Locator(".lk-form").GetByText(chinese ? "取消" : "Cancel").ClickAsync();

        await In("删除", "Delete").ClickAsync();
        await Expect(page.Locator(".lk-dialog")).ToContainTextAsync("ops");
        await PictureAsync("question");
        await ConsoleFixture.FitsAsync(page);
        var html = await page.ContentAsync();
        foreach (var secret in (string[])[FeishuToken, FeishuSecret, "another-secret-of-a-robot"]) Assert.DoesNotContain(secret, html, StringComparison.Ordinal);
        await ConsoleFixture.SureAsync(page, chinese ? "删除" : "Delete");
        await Expect(robot).ToHaveCountAsync(0);

        await fixture.OpenAsync(page, "/console/audit");
        foreach (var action in chinese ? (string[])["添加群机器人", "修改群机器人", "测试群机器人", "停用群机器人", "启用群机器人", "删除群机器人"]
            : ["Group robot added", "Group robot changed", "Group robot tested", "Group robot disabled", "Group robot enabled", "Group robot deleted"])
            await Expect(page.GetByText(action).First).ToBeVisibleAsync();
        Assert.DoesNotContain(FeishuToken, await page.ContentAsync(), StringComparison.Ordinal);
        Assert.Empty(fixture.PageErrors);

        Task FillAsync(string name, string text) => page.Locator($".lk-form [name={name}]").FillAsync(text);
        ILocator Press(string zh, string en) => page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = chinese ? zh : en, Exact = true });
        ILocator In(string zh, string en) => robot.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = chinese ? zh : en, Exact = true });
        Task PictureAsync(string name) => ConsoleFixture.PictureAsync(page, $"robots-{name}-{language}-{theme.ToString().ToLowerInvariant()}-{width}");
    }

    [Fact]
    public async Task An_auditor_sees_how_robots_fare_and_can_do_nothing_with_them()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await ConsoleSeed.AccountAsync(fixture, "olga", Role.Auditor, AuditorsPassword);
        using var put = await fixture.Gateway.Http.PutAsJsonAsync("/api/v1/robots/ops",
            new { platform = "feishu", address = new Uri(fixture.Emulator.BaseUrl, "/open-apis/bot/v2/hook/" + FeishuToken) }, TestContext.Current.CancellationToken);
        Assert.Equal(201, (int)put.StatusCode);
        var page = await fixture.LogInAsync("olga", AuditorsPassword, path: "/console/robots");
        var robot = page.Locator("[data-robot=ops]");
        await Expect(robot).ToContainTextAsync("Not used yet");
        await Expect(robot.Locator("button")).ToHaveCountAsync(0);
        await Expect(page.GetByText("Add a group robot")).ToHaveCountAsync(0);
        await robot.GetByText("Deliveries").ClickAsync();
        await Expect(page.Locator(".lk-empty")).ToBeVisibleAsync();
        Assert.Empty(fixture.PageErrors);
    }
}
