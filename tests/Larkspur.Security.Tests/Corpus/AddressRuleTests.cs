using System.Net;
using Larkspur.Gateway.Callbacks;
using Larkspur.Gateway.Egress;
using Larkspur.Gateway.Tests;
using Larkspur.Gateway.Tests.Callbacks;

namespace Larkspur.Security.Tests.Corpus;

/// <summary>Where callbacks may go.</summary>
public sealed class AddressRuleTests
{
    [Theory]
    [InlineData("93.184.216.34", "Public")]
    [InlineData("172.15.255.255", "Public")]
    [InlineData("172.32.0.0", "Public")]
    [InlineData("100.63.255.255", "Public")]
    [InlineData("2606:4700::1111", "Public")]
    [InlineData("64:ff9b::5db8:d822", "Public")]
    [InlineData("64:ff9b:1::5db8:d822", "Public")]
    [InlineData("127.0.0.1", "Private")]
    [InlineData("127.255.255.254", "Private")]
    [InlineData("10.0.0.1", "Private")]
    [InlineData("172.16.0.1", "Private")]
    [InlineData("172.31.255.255", "Private")]
    [InlineData("192.168.1.1", "Private")]
    [InlineData("100.64.0.1", "Private")]
    [InlineData("198.19.0.1", "Private")]
    [InlineData("::1", "Private")]
    [InlineData("fc00::1", "Private")]
    [InlineData("fdab::1", "Private")]
    [InlineData("fec0::1", "Private")]
    [InlineData("::ffff:10.0.0.1", "Private")]
    [InlineData("::ffff:127.0.0.1", "Private")]
    [InlineData("64:ff9b::a00:1", "Private")]
    [InlineData("64:ff9b:1::7f00:1", "Private")]
    [InlineData("64:ff9b:1:a00:0:100:5db8:d822", "Private")]
    [InlineData("64:ff9b:1:7f00:0:100:5db8:d822", "Private")]
    [InlineData("2002:a00:1::1", "Private")]
    [InlineData("2002:7f00:1::", "Private")]
    [InlineData("2606:4700::5efe:10.0.0.1", "Private")]
    [InlineData("2606:4700::200:5efe:10.0.0.1", "Private")]
    [InlineData("0.0.0.0", "Never")]
    [InlineData("169.254.169.254", "Never")]
    [InlineData("::ffff:169.254.169.254", "Never")]
    [InlineData("2002:a9fe:a9fe::", "Never")]
    [InlineData("64:ff9b::a9fe:a9fe", "Never")]
    [InlineData("64:ff9b:1:a9fe:a9:fe00:5db8:d822", "Never")]
    [InlineData("64:ff9b:1:a9fe:a9:fe00::", "Never")]
    [InlineData("100.100.100.200", "Never")]
    [InlineData("::ffff:100.100.100.200", "Never")]
    [InlineData("168.63.129.16", "Never")]
    [InlineData("fd00:ec2::254", "Never")]
    [InlineData("192.0.0.192", "Never")]
    [InlineData("192.0.2.1", "Never")]
    [InlineData("224.0.0.1", "Never")]
    [InlineData("240.0.0.1", "Never")]
    [InlineData("255.255.255.255", "Never")]
    [InlineData("::", "Never")]
    [InlineData("::10.0.0.1", "Never")]
    [InlineData("fe80::1", "Never")]
    [InlineData("fe80::1%2", "Never")]
    [InlineData("ff02::1", "Never")]
    [InlineData("2001:0:53aa:64c::1", "Never")]
    [InlineData("2001:db8::1", "Never")]
    [InlineData("5f00::1", "Never")]
    public void Each_address_has_its_reach(string address, string reach) => Assert.Equal(reach, AddressRules.ReachOf(IPAddress.Parse(address)).ToString());
}
