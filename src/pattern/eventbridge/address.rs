//! Networks in `cidr` (Comparison operators, "IP address matching"; cases `eb-cidr-*`).

use core::net::IpAddr;

/// Base address and length of the network part. Bits of the address behind it do not matter. The error is one sentence.
///
/// A network of one address is refused as by aws/event-ruler; undocumented for the service.
pub fn network(text: &str) -> Result<(IpAddr, u32), String> {
    let (address, length) = text.split_once('/').ok_or("the length of the network is missing")?;
    let base: IpAddr = address.parse().map_err(|_| format!("“{address}” is not an IP address"))?;
    let all = if base.is_ipv4() { 32 } else { 128 };
    let digits = !length.is_empty() && length.len() <= 3 && length.bytes().all(|byte| byte.is_ascii_digit());
    match length.parse::<u32>() {
        Ok(bits) if digits && bits < all => Ok((base, bits)),
        Ok(bits) if digits && bits == all => {
            Err(format!("a network of one address cannot be given; write the address itself: \"{base}\""))
        }
        _ => Err(format!("the length of the network is a number from 0 to {}", all - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_networks_of_several_addresses_count() {
        assert!(network("10.1.2.3/0").is_ok() && network("::/127").is_ok());
        for text in ["10.0.0.0", "10.0.0.0/", "10.0.0.0/+8", "10.0.0.0/32", "::1/128", "x/8", "10.0.0.0/33", "10.0.0/8"]
        {
            assert!(network(text).is_err(), "{text}");
        }
    }
}
