using System.Text.RegularExpressions;
using Larkspur.Gateway.Doctor;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Doctor;

/// <summary>The least privilege follows from the catalogue, and the manual says what the code does.</summary>
public sealed partial class ScopePlanTests
{
    private static readonly ScopeNeed[] All = [.. PlatformFeature.Switched.SelectMany(f => f.Needs()).DistinctBy(n => n.For)];

    [Fact]
    public void Notices_and_payments_need_exactly_four_scopes() => Assert.Equal(DoctorFixture.Needed, ScopePlan.Least(All));

    [Fact]
    public void None_of_the_four_can_be_left_out_and_no_three_scopes_of_the_catalogue_would_do()
    {
        foreach (var scope in DoctorFixture.Needed)
            Assert.Contains(All, n => !n.AnyOf.Any(s => s != scope && DoctorFixture.Needed.Contains(s)));
        var candidates = All.SelectMany(n => n.AnyOf).Distinct().ToArray();
        foreach (var a in candidates)
        {
            foreach (var b in candidates)
            {
                foreach (var c in candidates) Assert.Contains(All, n => !n.AnyOf.Contains(a) && !n.AnyOf.Contains(b) && !n.AnyOf.Contains(c));
            }
        }
    }

    [Fact]
    public void Looking_people_up_by_mail_address_is_opened_by_one_scope_only() =>
        Assert.Equal(["contact:user.id:readonly"], ScopePlan.Entry("contact.v3.user.batch_get_id").Scopes);

    [Fact]
    public void Every_feature_names_endpoints_and_events_of_the_catalogue()
    {
        foreach (var feature in PlatformFeature.Switched.Concat(PlatformFeature.Optional))
        {
            Assert.All(feature.Apis, a => Assert.NotEqual("", ScopePlan.Entry(a).Endpoint.Path));
            Assert.All(feature.Events, e => Assert.Contains(Larkspur.Feishu.Events.FeishuEvents.All, known => known.EventType == e));
        }
    }

    [Fact]
    public void A_choice_keeps_to_what_is_granted_and_prefers_the_narrow_scope()
    {
        ScopeNeed[] needs = [new("im.v1.message.create", ScopePlan.Entry("im.v1.message.create").Scopes)];
        Assert.Equal(["im:message:send"], ScopePlan.Least(needs));
        Assert.Equal(["im:message"], ScopePlan.Least(needs, new HashSet<string> { "im:message" }));
        Assert.Empty(ScopePlan.Least(needs, new HashSet<string> { "im:chat" }));
    }

    [Fact]
    public async Task The_manual_lists_exactly_the_checks_and_scopes()
    {
        var manual = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "doctor.md"), TestContext.Current.CancellationToken);
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1");
        var checks = gateway.Services.GetServices<IDoctorCheck>().Select(c => $"{c.Id} | {c.Title.Chinese} · {c.Title.English}");
        Assert.Equal(checks, CheckRow().Matches(manual).Select(m => $"{m.Groups[1].Value} | {m.Groups[2].Value}"));
        foreach (var feature in PlatformFeature.Switched)
        {
            var row = $"| `{feature.Id}` | {string.Join(", ", feature.Apis.Select(a => $"`{a}`"))} | {string.Join(", ", feature.Events.Select(e => $"`{e}`"))} | {string.Join(", ", ScopePlan.Least(feature.Needs()).Select(s => $"`{s}`"))} |";
            Assert.Contains(row, manual, StringComparison.Ordinal);
        }

        Assert.All(DoctorFixture.Needed, scope => Assert.Contains($"- `{scope}`", manual, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^\| `([a-z_]+)` \| ([^|`]+) \|", RegexOptions.Multiline)]
    private static partial Regex CheckRow();
}
