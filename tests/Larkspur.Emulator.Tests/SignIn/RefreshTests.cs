namespace Larkspur.Emulator.Tests.SignIn;

/// <summary>How an app keeps somebody signed in, and where that ends.</summary>
public sealed class RefreshTests : SignInTest
{
    [Fact]
    public async Task Each_refresh_token_is_good_once_and_the_access_token_before_lives_on()
    {
        var first = await SignedInAsync(scope: "offline_access");
        var second = await RefreshAsync(Said(first, "refresh_token"));
        Assert.NotEqual(Said(first, "access_token"), Said(second, "access_token"));
        Assert.Equal(0, (await UserInfoAsync(Said(first, "access_token"))).Code);
        Refused(await RefreshAsync(Said(first, "refresh_token")), 20073);
        Assert.Equal(0, (await RefreshAsync(Said(second, "refresh_token"))).Code);
    }

    [Fact]
    public async Task Of_many_who_refresh_at_once_exactly_one_wins()
    {
        var token = Said(await SignedInAsync(scope: "offline_access"), "refresh_token");
        var replies = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => RefreshAsync(token)));
        var winner = Assert.Single(replies, r => r.Code == 0);
        Assert.All(replies.Where(r => r != winner), r => Refused(r, 20073));
        Assert.Equal(0, (await RefreshAsync(Said(winner, "refresh_token"))).Code);
    }

    [Fact]
    public async Task It_ends_after_seven_days_and_after_a_year_whatever_happens()
    {
        var idle = Said(await SignedInAsync(scope: "offline_access"), "refresh_token");
        var kept = await SignedInAsync("bob", "offline_access");
        for (var day = 6; day <= 360; day += 6)
        {
            await Emulator.AdvanceAsync(TimeSpan.FromDays(6));
            if (day == 12) Refused(await RefreshAsync(idle), 20037);
            kept = await RefreshAsync(Said(kept, "refresh_token"));
            Assert.Equal(0, kept.Code);
        }

        Assert.Equal(5 * 86400, kept.Json["refresh_token_expires_in"]!.GetValue<int>());
        await Emulator.AdvanceAsync(TimeSpan.FromDays(5));
        Refused(await RefreshAsync(Said(kept, "refresh_token")), 20037);
    }

    [Fact]
    public async Task A_refresh_token_belongs_to_its_app_and_to_its_endpoints()
    {
        await AddOtherAppAsync();
        var token = Said(await SignedInAsync(scope: "offline_access"), "refresh_token");
        Refused(await RefreshAsync(token, app: OtherApp, secret: "other-secret"), 20024);
        Refused(await RefreshAsync("ur-unknown"), 20026);
        Assert.Equal(0, (await RefreshAsync(token)).Code);
    }

    [Fact]
    public async Task The_apps_security_page_can_forbid_it()
    {
        var token = Said(await SignedInAsync(scope: "offline_access"), "refresh_token");
        await AppAsync(new { refresh_allowed = false });
        Refused(await RefreshAsync(token), 20074, "unauthorized_client");
        await AppAsync(new { refresh_allowed = true });
        Assert.Equal(0, (await RefreshAsync(token)).Code);
    }

    [Fact]
    public async Task Less_for_one_access_token_is_not_less_for_the_next()
    {
        const string all = "contact:user.email:readonly offline_access";
        var first = await SignedInAsync(scope: all);
        var less = await RefreshAsync(Said(first, "refresh_token"), "offline_access");
        Assert.Equal("offline_access", Said(less, "scope"));
        Assert.Equal(all, Said(await RefreshAsync(Said(less, "refresh_token")), "scope"));
        Refused(await RefreshAsync(Said(await SignedInAsync("bob", all), "refresh_token"), "offline_access offline_access"), 20067, "invalid_scope");
    }
}
