using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.Company;

/// <summary>Twenty thousand people come at once, without an event, and are all found again.</summary>
public sealed class LargeDirectoryTests : IAsyncLifetime
{
    private EmulatorApp _emulator = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorApp.StartAsync(s => s with { RateLimitFactor = 0 });
        await _emulator.ControlAsync(HttpMethod.Post, "directory/fill", new { people = 20_000, departments = 1_000 });
    }

    public ValueTask DisposeAsync() => _emulator.DisposeAsync();

    [Fact]
    public void It_is_a_tree_of_four_levels_with_people_in_one_or_two_departments()
    {
        Assert.Empty(_emulator.State.Inspector.Pushes());
        var filled = _emulator.State.People.Where(p => p.UserId.StartsWith("fill", StringComparison.Ordinal)).ToArray();
        Assert.Equal((20_000, true), (filled.Length, filled.Any(p => p.DepartmentIds.Length == 2)));
        Assert.Contains(filled, p => p.Status == PersonStatus.Frozen);
        Assert.Equal(4, _emulator.State.Departments.Max(d => _emulator.State.Upwards(d.OpenDepartmentId).Count()));
    }

    [Fact]
    public async Task Members_are_listed_department_by_department()
    {
        var token = await _emulator.TenantTokenAsync();
        HashSet<string> found = [];
        foreach (var department in _emulator.State.Departments.Take(40))
        {
            var path = $"/open-apis/contact/v3/users/find_by_department?user_id_type=user_id&page_size=50"
                + $"&department_id={department.OpenDepartmentId}";
            found.UnionWith((await _emulator.CallAsync(HttpMethod.Get, path, token)).Data["items"]!.AsArray()
                .Select(u => u!["user_id"]!.GetValue<string>()));
        }

        Assert.InRange(found.Count, 38 * 20, 38 * 25);
    }

    [Fact]
    public async Task It_is_made_once()
    {
        Assert.Equal(409, (await _emulator.TryControlAsync(HttpMethod.Post, "directory/fill", new { people = 1 })).Status);
        Assert.Equal(1, (await _emulator.ControlAsync(HttpMethod.Post, "directory/fill",
            new { people = 1, prefix = "b" }))["people"]!.GetValue<int>());
    }
}
