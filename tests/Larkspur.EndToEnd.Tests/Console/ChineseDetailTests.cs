using System.Text.RegularExpressions;
using Larkspur.EndToEnd.Tests.WebClient;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

/// <summary>What stands below a Chinese headline is Chinese too, where the words are ours.</summary>
public sealed partial class ChineseDetailTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task Findings_of_a_template_name_what_is_wrong_and_what_to_do_in_chinese()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var page = await fixture.LogInAsync(language: "zh", path: "/console/notification-types/pr.submitted");
        var template = page.Locator("#type-template");
        var original = await template.InputValueAsync();
        var findings = page.Locator("[data-findings=template]");

        await template.FillAsync(original.Replace("${supplier}", "${vendor}", StringComparison.Ordinal).Replace("${strings.needed}", "${strings.neded}", StringComparison.Ordinal));
        await Expect(findings).ToContainTextAsync("引用了没有定义的变量：vendor");
        await Expect(findings).ToContainTextAsync("在“变量”中添加它");
        await Expect(findings).ToContainTextAsync("neded");
        Assert.DoesNotMatch(EnglishSentence(), await findings.InnerTextAsync());

        await template.FillAsync(original.Replace("\"status\": \"info\"", "\"status\": \"blue\"", StringComparison.Ordinal));
        await Expect(findings).ToContainTextAsync("blue 不是允许的值");
        await Expect(findings).ToContainTextAsync("success");
        Assert.DoesNotMatch(EnglishSentence(), await findings.InnerTextAsync());

        await template.FillAsync(original);
        var variables = page.Locator("#type-variables");
        await variables.FillAsync((await variables.InputValueAsync()).Replace("\"98765.40\"", "\"many\"", StringComparison.Ordinal));
        await Expect(page.Locator("[data-findings=variables]")).ToContainTextAsync("示例值与变量类型不符：amount");
        await Expect(page.Locator("[data-findings=variables]")).ToContainTextAsync("money：");
        Assert.DoesNotMatch(EnglishSentence(), await page.Locator("[data-findings=variables]").InnerTextAsync());
        await Expect(page.GetByText("请看其他字段旁标出的问题")).ToBeVisibleAsync();
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task A_check_up_says_in_chinese_why_the_platform_and_the_callback_address_are_out_of_reach()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium, new Dictionary<string, string?> { ["LARKSPUR_BASE_URL"] = "http://127.0.0.1:9" });
        var page = await fixture.LogInAsync(language: "zh", path: "/console/doctor");
        await page.Locator(".lk-head .lk-primary").ClickAsync();
        var callback = page.Locator("[data-check=callback]");
        await Expect(callback).ToContainTextAsync("连接被拒绝，该端口没有服务", new LocatorAssertionsToContainTextOptions { Timeout = 45_000 });
        // What is mended in the console has its way there.
        await callback.GetByText("打开设置").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/console/settings$"));
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task Codes_of_rows_and_audit_lines_are_words_and_values()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await ConsoleSeed.SwitchOnAsync(fixture);
        await ConsoleSeed.RequisitionAsync(fixture);
        await ConsoleSeed.PaymentAsync(fixture);
        var page = await fixture.LogInAsync(language: "zh", path: "/console/deliveries?box=outbox");
        await Expect(page.Locator("tr[data-row]").GetByText("发送卡片").First).ToBeVisibleAsync();
        await Expect(page.Locator("tr[data-row]").GetByText("创建审批").First).ToBeVisibleAsync();

        await fixture.OpenAsync(page, "/console/audit");
        await Expect(page.GetByText("— → true").First).ToBeVisibleAsync();
        Assert.DoesNotContain("{\"", await page.Locator(".lk-table").InnerTextAsync(), StringComparison.Ordinal);

        await fixture.OpenAsync(page, "/console/payments");
        await Expect(page.GetByText("CNY 1,200.50")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-definition]")).ToContainTextAsync("单行文本");
        await Expect(page.Locator("[data-definition]")).Not.ToContainTextAsync("START");
        await page.GetByText("PAY-2026-0007").ClickAsync();
        await Expect(page.Locator(".lk-timeline")).ToContainTextAsync("业务系统提交");
        // Numbers of tasks say nothing to people.
        Assert.DoesNotMatch(LongNumber(), await page.Locator(".lk-timeline").InnerTextAsync());

        await fixture.OpenAsync(page, "/console/notifications");
        await page.GetByText("PR-2026-0042").ClickAsync();
        await Expect(page.GetByText("邮箱 bob@mica.example")).ToBeVisibleAsync();
        Assert.Empty(fixture.PageErrors);
    }

    [GeneratedRegex("[A-Za-z]+ [a-z]+ [a-z]+ [a-z]+")]
    private static partial Regex EnglishSentence();

    [GeneratedRegex("[0-9]{12}")]
    private static partial Regex LongNumber();
}
