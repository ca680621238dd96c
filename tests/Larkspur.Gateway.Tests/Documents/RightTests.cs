using Larkspur.Emulator.World;
using Larkspur.Emulator.World.Documents;
using Larkspur.Gateway.Documents;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Documents;

/// <summary>Who may read. The app itself may read every one of these documents: what keeps it back is the person's right alone.</summary>
public sealed class RightTests
{
    [Fact]
    public async Task Owner_and_named_people_read_and_others_learn_not_even_the_title()
    {
        await using var house = await DocumentHouse.StartAsync();
        Assert.Equal(DocumentOutcome.Read, await house.OutcomeAsync(SeededDocuments.Salary, "alice"));
        Assert.Equal(DocumentOutcome.NotAllowedForPerson, await house.OutcomeAsync(SeededDocuments.Salary, "bob"));
        Assert.Equal(DocumentOutcome.NotAllowedForPerson, await house.OutcomeAsync(SeededDocuments.Salary, "carol"));
        // Alice's reading is the only one that came so far as to the text.
        Assert.Equal(1, await house.CallsAsync($"{SeededDocuments.Salary}/blocks"));
        Assert.DoesNotContain("薪资", house.Gateway.Logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("28500", house.Gateway.Logs.Text, StringComparison.Ordinal);

        var token = await house.SeedAsync(new { owner = "carol", people = (string[])["bob"] });
        Assert.Equal(DocumentOutcome.Read, await house.OutcomeAsync(token, "bob"));
        Assert.Equal(DocumentOutcome.NotAllowedForPerson, await house.OutcomeAsync(token, "alice"));
    }

    [Fact]
    public async Task Members_of_a_group_that_it_was_given_to_read()
    {
        await using var house = await DocumentHouse.StartAsync();
        var token = await house.SeedAsync(new { owner = "carol", chats = (string[])[SeededCompany.FinanceChat] });
        Assert.Equal(DocumentOutcome.Read, await house.OutcomeAsync(token, "bob"));
        Assert.Equal(DocumentOutcome.NotAllowedForPerson, await house.OutcomeAsync(token, "alice"));
        // Who asks in that very group is in it, without another call.
        var before = await house.CallsAsync("/members?");
        Assert.Equal(DocumentOutcome.Read, (await house.ReadAsync(token, DocumentHouse.Who("bob", SeededCompany.FinanceChat))).Outcome);
        Assert.Equal(before + 1, await house.CallsAsync("/members?"));
        // Another chat proves nothing.
        Assert.Equal(DocumentOutcome.NotAllowedForPerson, (await house.ReadAsync(token, DocumentHouse.Who("alice", SeededCompany.PurchasingChat))).Outcome);

        // A group that the bot is not in cannot be looked into.
        house.Emulator.World.ChangeChat(SeededCompany.FinanceChat, c => c with { Bots = [] });
        var other = await house.SeedAsync(new { owner = "carol", chats = (string[])[SeededCompany.FinanceChat] });
        Assert.Equal(DocumentOutcome.NotAllowedForApp, await house.OutcomeAsync(other, "bob"));
    }

    [Fact]
    public async Task Members_of_a_department_read_and_of_departments_below_it()
    {
        await using var house = await DocumentHouse.StartAsync();
        var token = await house.SeedAsync(new { owner = "bob", departments = (string[])[SeededCompany.FinanceDepartment] });
        Assert.Equal(DocumentOutcome.Read, await house.OutcomeAsync(token, "carol"));
        Assert.Equal(DocumentOutcome.NotAllowedForPerson, await house.OutcomeAsync(token, "alice"));

        house.Emulator.World.Put(new Department { OpenDepartmentId = "od-audit", DepartmentId = "audit", Name = "审计组", EnName = "Audit", ParentOpenDepartmentId = SeededCompany.FinanceDepartment });
        Assert.Equal(DocumentOutcome.Read, (await house.ReadAsync(token, DocumentHouse.Who("bob") with { OpenId = DocumentHouse.OpenId("alice"), DepartmentIds = ["od-audit"] })).Outcome);
    }

    [Fact]
    public async Task Pages_of_the_wiki_are_for_members_of_their_space_and_shortcuts_are_what_they_lead_to()
    {
        await using var house = await DocumentHouse.StartAsync();
        Assert.Equal(DocumentOutcome.Read, await house.OutcomeAsync(SeededDocuments.HandbookNode, "carol", DocumentKind.Wiki));
        Assert.Equal(DocumentOutcome.NotAllowedForPerson, await house.OutcomeAsync(SeededDocuments.HandbookNode, "alice", DocumentKind.Wiki));
        // The same document by its own address.
        Assert.Equal(DocumentOutcome.Read, await house.OutcomeAsync(SeededDocuments.Handbook, "carol"));
        Assert.Equal(DocumentOutcome.NotAllowedForPerson, await house.OutcomeAsync(SeededDocuments.Handbook, "bob"));

        const string shortcut = "LkShortcutWikiNodeMica00009";
        house.Emulator.World.Put(new WikiSpace { SpaceId = "7300000000000000002", Name = "公开", IsPublic = true });
        house.Emulator.World.Put(new WikiNode(shortcut, "7300000000000000002", SeededDocuments.Handbook, SeededDocuments.HandbookNode));
        Assert.Equal(DocumentOutcome.NotAllowedForPerson, await house.OutcomeAsync(shortcut, "bob", DocumentKind.Wiki));
        Assert.Equal(DocumentOutcome.Read, await house.OutcomeAsync(shortcut, "carol", DocumentKind.Wiki));

        // A page of a public space, and one that only those who keep the space may read.
        const string open = "LkOpenPageWikiNodeMica00010", closed = "LkClosedPageWikiNodeMica011";
        await house.SeedAsync(new { owner = "bob", spaces = (string[])["7300000000000000002"], wiki_node = open, wiki_space = "7300000000000000002" });
        await house.SeedAsync(new { owner = "bob", wiki_node = closed, wiki_space = SeededDocuments.FinanceSpace });
        Assert.Equal(DocumentOutcome.Read, await house.OutcomeAsync(open, "alice", DocumentKind.Wiki));
        Assert.Equal(DocumentOutcome.Read, await house.OutcomeAsync(closed, "carol", DocumentKind.Wiki));
        Assert.Equal(DocumentOutcome.NotAllowedForPerson, await house.OutcomeAsync(closed, "alice", DocumentKind.Wiki));
    }

    [Fact]
    public async Task The_company_s_link_is_for_its_people_and_the_directory_knows_them()
    {
        await using var house = await DocumentHouse.StartAsync();
        var bob = DocumentHouse.Who("bob");
        Assert.Equal(DocumentOutcome.NotAllowedForPerson, (await house.ReadAsync(SeededDocuments.TravelPolicy, bob with { IsOfTenant = false })).Outcome);
        Assert.Equal(DocumentOutcome.Read, (await house.ReadAsync(SeededDocuments.TravelPolicy, bob with { IsOfTenant = null })).Outcome);
        Assert.Equal(DocumentOutcome.NotAllowedForPerson, (await house.ReadAsync(SeededDocuments.TravelPolicy, new DocumentReader("ou_stranger") { IsOfTenant = null })).Outcome);
        // A link for everybody may want a password of strangers.
        var open = await house.SeedAsync(new { link_share = "anyone_readable" });
        Assert.Equal(DocumentOutcome.Read, await house.OutcomeAsync(open, "bob"));
        Assert.Equal(DocumentOutcome.NotAllowedForPerson, (await house.ReadAsync(open, new DocumentReader("ou_stranger") { IsOfTenant = false })).Outcome);
    }

    [Fact]
    public async Task What_the_app_may_not_see_is_refused()
    {
        await using var house = await DocumentHouse.StartAsync();
        var stranger = await house.SeedAsync(new { apps = Array.Empty<string>() });
        Assert.Equal(DocumentOutcome.NotAllowedForApp, await house.OutcomeAsync(stranger, "bob"));
        Assert.Equal(DocumentOutcome.NotAllowedForApp, await house.OutcomeAsync(stranger, "alice"));
        // The app may read, and may not see who else may: the owner is known all the same.
        var guarded = await house.SeedAsync(new { manage_collaborators = "collaborator_full_access", people = (string[])["bob"] });
        Assert.Equal(DocumentOutcome.NotAllowedForApp, await house.OutcomeAsync(guarded, "bob"));
        Assert.Equal(DocumentOutcome.Read, await house.OutcomeAsync(guarded, "alice"));
    }

    [Fact]
    public async Task Without_the_scopes_nothing_is_read()
    {
        await using var house = await DocumentHouse.StartAsync(app: a => a with { GrantedScopes = ["docx:document:readonly", "contact:contact.base:readonly"] });
        Assert.Equal(DocumentOutcome.NotAllowedForApp, await house.OutcomeAsync(SeededDocuments.TravelPolicy, "bob"));
        Assert.Equal(DocumentOutcome.NotAllowedForApp, await house.OutcomeAsync(SeededDocuments.Salary, "bob"));
        Assert.Equal(DocumentOutcome.NotAllowedForApp, await house.OutcomeAsync(SeededDocuments.HandbookNode, "carol", DocumentKind.Wiki));
        Assert.Equal(0, await house.CallsAsync("/blocks"));

        // With those of the manual, everything is.
        await house.Emulator.ControlAsync(HttpMethod.Post, $"apps/{EmulatorApp.AppId}/scopes", new
        {
            grant = (string[])["docs:permission.setting:read", "docs:permission.member:retrieve", "drive:drive.metadata:readonly", "wiki:node:read", "wiki:space:read", "wiki:member:retrieve", "contact:user.department:readonly",
                "contact:department.organize:readonly"],
        });
        Assert.Equal(DocumentOutcome.Read, await house.OutcomeAsync(SeededDocuments.TravelPolicy, "bob"));
        Assert.Equal(DocumentOutcome.Read, await house.OutcomeAsync(SeededDocuments.HandbookNode, "carol", DocumentKind.Wiki));
    }
}
